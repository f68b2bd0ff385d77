import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import t from 'tap';
import { flatKeyed } from '../../src/parse/flat-keyed.js';
import type { FlatKeyedFormat } from '../../src/parse/flat-keyed.js';
import { ParseError } from '../../src/parse/scan.js';
import { counter, damaged, fromBuffer, refuses, survivesAnyBytes } from './support.js';

/** memory.stat of a container on Linux 6.1, cgroup v2, shortened. */
const MEMORY_STAT = `anon 10489856
file 9306112
kernel 1835008
kernel_stack 114688
pagetables 319488
sock 0
shmem 0
file_mapped 7507968
file_dirty 16384
inactive_file 8192
active_file 229376
pgfault 43018
pgmajfault 0
`;
const CPU_STAT = `usage_usec 18446744073709551615
user_usec 9007199254740993
system_usec 5
nr_periods 0
nr_throttled 0
throttled_usec 0
`;

function read<Key extends string>(format: FlatKeyedFormat<Key>) {
  return fromBuffer((bytes, length) => {
    const values = new Float64Array(format.keys.length).fill(-1);
    format.parse(bytes, length, values);
    return Object.fromEntries(
      format.keys.map((key): [string, number | undefined] => [key, values[format.slots[key]]]),
    );
  });
}

t.test('the wanted keys of a file, NaN for one that it lacks', t => {
  const parse = read(flatKeyed(['file', 'anon', 'pgmajfault', 'zswap', 'kernel']));
  const expected = { file: 9306112, anon: 10489856, pgmajfault: 0, zswap: NaN, kernel: 1835008 };
  t.same(parse(MEMORY_STAT), expected);
  t.same(parse(MEMORY_STAT), expected, 'and again, along what was remembered');
  t.same(read(flatKeyed(['anon']))(''), { anon: NaN }, 'an empty file has no keys');
  t.end();
});

t.test('slots are the indices of the keys', t => {
  const format = flatKeyed(['low', 'high', 'max']);
  t.same(format.keys, ['low', 'high', 'max']);
  t.same(format.slots, { low: 0, high: 1, max: 2 });
  t.end();
});

t.test('values above 2^53 are the nearest doubles', t => {
  t.same(read(flatKeyed(['usage_usec', 'user_usec', 'system_usec']))(CPU_STAT), {
    usage_usec: 2 ** 64,
    user_usec: 2 ** 53,
    system_usec: 5,
  });
  t.end();
});

t.test('another file than the last one', t => {
  const parse = read(flatKeyed(['low', 'oom', 'oom_kill']));
  t.same(parse('low 1\nhigh 2\noom 3\noom_kill 4\n'), { low: 1, oom: 3, oom_kill: 4 });
  t.same(
    parse('low 1\noom 3\noom_kill 4\noom_group_kill 5\n'),
    { low: 1, oom: 3, oom_kill: 4 },
    'a key gone, a key new',
  );
  t.same(parse('oom_kill 4\noom 3\nlow 1\n'), { low: 1, oom: 3, oom_kill: 4 }, 'another order');
  t.same(parse('low 1\n'), { low: 1, oom: NaN, oom_kill: NaN }, 'fewer lines');
  t.same(
    parse('high 1\noom 3\n'),
    { low: NaN, oom: 3, oom_kill: NaN },
    'an unknown key where a known one of the same length was',
  );
  t.same(parse('hig 1\noom 3\n'), { low: NaN, oom: 3, oom_kill: NaN });
  t.same(parse('low 1\noom 3\n'), { low: 1, oom: 3, oom_kill: NaN }, 'and back');
  t.end();
});

t.test('unknown lines are skipped unread, and the last of equal keys counts', t => {
  const parse = read(flatKeyed(['anon']));
  t.same(parse('anonymous 5\nnew x y z\nhalf\n\n a\nanon 7\n'), { anon: 7 });
  t.same(parse('anon 1\nanon 2\n'), { anon: 2 });
  t.end();
});

t.test('a wanted value that is no number, or a cut file, leaves every slot NaN', t => {
  const format = flatKeyed(['anon', 'file']);
  refuses(t, read(format), {
    word: 'anon max\n',
    minus: 'anon -1\n',
    'no value': 'anon \n',
    'two values': 'anon 1 2\n',
    'two spaces': 'anon  1\n',
    fraction: 'anon 1.5\n',
    'carriage return': 'anon 1\r\n',
    'cut in a number': 'anon 1\nfile 93061',
    'cut in a key': 'anon 1\nfi',
    'too many digits': 'anon 184467440737095516150\n',
  });
  const values = new Float64Array([1, 2]);
  const bytes = new TextEncoder().encode('anon 5\nfile x\n');
  t.throws(() => format.parse(bytes, bytes.length, values), ParseError);
  t.same([...values], [NaN, NaN]);
  t.end();
});

t.test('more lines and longer keys than are remembered', t => {
  const parse = read(flatKeyed(['k0', 'k299', 'k2', 'x'.repeat(9000)]));
  const content =
    Array.from({ length: 300 }, (_, line) => `k${line} ${line}\n`).join('') + `${'x'.repeat(9000)} 8\n`;
  const expected = { k0: 0, k299: 299, k2: 2, ['x'.repeat(9000)]: 8 };
  t.same(parse(content), expected);
  t.same(parse(content), expected);
  t.end();
});

/** What the format's description says, without any cleverness. */
function split(keys: readonly string[], content: Uint8Array): Record<string, number> | 'refused' {
  const characters = Array.from(content, byte => String.fromCharCode(byte)).join('');
  if (characters !== '' && !characters.endsWith('\n')) return 'refused';
  const values: Record<string, number> = Object.fromEntries(keys.map(key => [key, NaN]));
  for (const line of characters.split('\n')) {
    const space = line.indexOf(' ');
    const key = line.slice(0, Math.max(0, space));
    if (!keys.includes(key)) continue;
    if (!/^[0-9]{1,20}$/u.test(line.slice(space + 1))) return 'refused';
    values[key] = Number(line.slice(space + 1));
  }
  return values;
}

t.test('whatever files were read before, the result is that of splitting', t => {
  const keys = ['a', 'an', 'anon', 'file', 'file_mapped', 'oom_kill'];
  const names = fc.constantFrom(...keys, 'x', 'anox', 'file_mappec', 'oom_kill_', 'unknown', '');
  const line = fc.tuple(
    names,
    fc.oneof({ weight: 9, arbitrary: counter }, { weight: 1, arbitrary: fc.constantFrom('', 'x', '1 2') }),
  );
  const regular = fc
    .array(line, { maxLength: 8 })
    .map(pairs => new TextEncoder().encode(pairs.map(pair => `${pair.join(' ')}\n`).join('')));
  const files = fc.array(
    fc.oneof({ weight: 4, arbitrary: regular }, { weight: 1, arbitrary: damaged([MEMORY_STAT]) }),
    { minLength: 1, maxLength: 6 },
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(files, contents => {
        const parse = read(flatKeyed(keys));
        return contents.every(content => {
          let result: Record<string, number | undefined> | 'refused' = 'refused';
          try {
            result = parse(content);
          } catch (error) {
            if (!(error instanceof ParseError)) throw error;
          }
          return isDeepStrictEqual(result, split(keys, content));
        });
      }),
      { numRuns: 500 },
    ),
  );
  t.end();
});

t.test('print, then parse', t => {
  const contents = fc.dictionary(fc.stringMatching(/^[a-z_]{1,30}$/u), counter, {
    minKeys: 1,
    noNullPrototype: true,
  });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(contents, entries => {
        const printed = Object.entries(entries)
          .map(([key, digits]) => `${key} ${digits}\n`)
          .join('');
        const values = read(flatKeyed(Object.keys(entries)))(printed);
        return Object.entries(entries).every(([key, digits]) => values[key] === Number(digits));
      }),
    ),
  );
  survivesAnyBytes(t, read(flatKeyed(['anon', 'file', 'kernel'])), [MEMORY_STAT, CPU_STAT]);
  t.end();
});

t.test('a live file', t => {
  const content = readFileSync('/proc/vmstat');
  const expected = Number(/^pgfault (\d+)$/mu.exec(content.toString())?.[1]);
  t.same(read(flatKeyed(['pgfault', 'no_such_key']))(content), { pgfault: expected, no_such_key: NaN });
  t.end();
});
