import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { createProcessStatus, parseProcessStatus } from '../../src/parse/proc-status.js';
import type { ProcessStatus } from '../../src/parse/proc-status.js';
import { CONTAINER, CONTAINER_FIELDS, NOTHING } from './proc-status-sample.js';
import { damaged, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

/** What a status says, without what its parser remembers. */
function fieldsOf(status: ProcessStatus) {
  const { memory, ...fields } = status;
  void memory;
  return { ...fields, capabilities: { ...fields.capabilities } };
}

/** Parses file after file into one status. */
function reader(into = createProcessStatus()) {
  return fromBuffer((bytes, length) => {
    parseProcessStatus(bytes, length, into);
    return fieldsOf(into);
  });
}
const parse = (content: string | Uint8Array) => reader()(content);
const without = (key: string) => CONTAINER.replace(new RegExp(`^${key}:.*\n`, 'mu'), '');

t.test('a container’s first process', t => {
  const read = reader();
  t.strictSame(read(CONTAINER), CONTAINER_FIELDS);
  t.strictSame(read(CONTAINER), CONTAINER_FIELDS, 'and again');
  t.strictSame(fieldsOf(createProcessStatus()), NOTHING, 'nothing is known before');
  t.end();
});

t.test('a line that the kernel does not print is undefined', t => {
  for (const [key, field] of [
    ['Seccomp', { seccompMode: undefined }],
    ['Seccomp_filters', { seccompFilters: undefined }],
    ['NoNewPrivs', { noNewPrivileges: undefined }],
    ['CapAmb', { capabilities: { ...CONTAINER_FIELDS.capabilities, ambient: undefined } }],
    ['NSpid', { namespacePids: undefined }],
    ['Uid', { uid: undefined }],
    ['Threads', { threads: undefined }],
    ['Name', { name: undefined }],
  ] as const) {
    const read = reader();
    t.strictSame(read(without(key)), { ...CONTAINER_FIELDS, ...field }, key);
    t.strictSame(read(CONTAINER), CONTAINER_FIELDS, `${key}, back again`);
    t.strictSame(read(without(key)), { ...CONTAINER_FIELDS, ...field }, `${key}, gone again`);
  }
  t.strictSame(parse(''), NOTHING);
  t.strictSame(parse('Name:\tkthreadd\n'), { ...NOTHING, name: 'kthreadd' });
  t.end();
});

t.test('another process than the last one', t => {
  const read = reader();
  read(CONTAINER);
  const other = CONTAINER.replace('nginx', 'a much longer name')
    .replaceAll('VmRSS:\t    2032 kB\n', '')
    .replace('Uid:\t0\t0\t0\t0', 'Uid:\t1000\t0\t1000\t4294967295')
    .replace('NSpid:\t4711\t1', 'NSpid:\t4711')
    .replace('CapEff:\t00000000a80425fb', 'CapEff:\t000001ffffffffff')
    .replace('Seccomp:\t2', 'Seccomp:\t0')
    .replace('NoNewPrivs:\t1', 'NoNewPrivs:\t0');
  t.strictSame(read(other), {
    ...CONTAINER_FIELDS,
    name: 'a much longer name',
    uid: { real: 1000, effective: 0, saved: 1000, filesystem: 4294967295 },
    namespacePids: [4711],
    capabilities: { ...CONTAINER_FIELDS.capabilities, effective: 0x1ffffffffffn },
    noNewPrivileges: false,
    seccompMode: 0,
  });
  t.strictSame(read(CONTAINER), CONTAINER_FIELDS);
  t.end();
});

t.test('a zombie has no memory lines', t => {
  const zombie = without('VmPeak').replace('VmRSS:\t    2032 kB\n', '').replace('S (sleeping)', 'Z (zombie)');
  t.strictSame(parse(zombie), { ...CONTAINER_FIELDS, state: 'Z' });
  t.end();
});

t.test('objects stay the same while their text does', t => {
  const into = createProcessStatus();
  const read = reader(into);
  read(CONTAINER);
  const { uid, gid, namespacePids } = into;
  read(CONTAINER.replace('Gid:\t0', 'Gid:\t5'));
  t.equal(into.uid, uid);
  t.equal(into.namespacePids, namespacePids);
  t.not(into.gid, gid);
  t.same(gid, CONTAINER_FIELDS.gid, 'what was handed out before is not written to');
  t.end();
});

t.test('a name cannot fake a line', t => {
  const names = [
    ['Seccomp:\t2', 'Seccomp:\t2'],
    ['x\\nSeccomp:\t0', 'x\nSeccomp:\t0'],
    ['\\\\nSeccomp:', '\\nSeccomp:'],
    [' Name:\t(x) ', ' Name:\t(x) '],
    ['\tCapEff:\t0', '\tCapEff:\t0'],
    ['a\\b', 'a\\b'],
    ['', ''],
  ] as const;
  for (const [printed, name] of names) {
    t.strictSame(
      parse(CONTAINER.replace('nginx', () => printed)),
      { ...CONTAINER_FIELDS, name },
      JSON.stringify(name),
    );
  }
  t.equal(parse(Uint8Array.of(...new TextEncoder().encode('Name:\ta'), 0xff, 0x0a)).name, 'a\uFFFD');
  t.end();
});

t.test('keys count at the start of a line only, and with their colon', t => {
  const fields = parse(
    'Name:\tx\nX-Seccomp:\t2\n Seccomp:\t2\nSeccomp \t2\nSeccompX:\t2\nTgid:\t5\nnew line\n',
  );
  t.strictSame(fields, { ...NOTHING, name: 'x', tgid: 5 });
  t.equal(parse('Seccomp_filters:\t3\n').seccompMode, undefined);
  const read = reader();
  read('Tgid:\t1\nNew:\tx\nPPid:\t2\n');
  t.equal(read('Tgid:\t1\nNewer: PPid:\t9\nPPid:\t2\n').ppid, 2, 'nor where the last file had the line');
  t.end();
});

t.test('malformed', t => {
  const broken = (line: string, by: string) => CONTAINER.replace(line, () => by);
  refuses(t, parse, {
    'no final newline': CONTAINER.slice(0, -1),
    'seccomp mode': broken('Seccomp:\t2', 'Seccomp:\ttwo'),
    'no seccomp mode': broken('Seccomp:\t2', 'Seccomp:\t'),
    no_new_privs: broken('NoNewPrivs:\t1', 'NoNewPrivs:\t2'),
    mask: broken('CapEff:\t00000000a80425fb', 'CapEff:\t00000000a80425fg'),
    'longer mask': broken('CapEff:\t0', 'CapEff:\t00'),
    'empty mask': broken('CapEff:\t00000000a80425fb', 'CapEff:\t'),
    'three ids': broken('Uid:\t0\t0\t0\t0', 'Uid:\t0\t0\t0'),
    'negative id': broken('Uid:\t0', 'Uid:\t-1'),
    state: broken('S (sleeping)', '0'),
    'no state': broken('S (sleeping)', ''),
    threads: broken('Threads:\t3', 'Threads:\t'),
  });
  const read = reader();
  read(CONTAINER);
  const into = createProcessStatus();
  reader(into)(CONTAINER);
  t.throws(() => reader(into)(broken('CapBnd:\t0', 'CapBnd:\tx')), { name: 'ParseError' });
  t.strictSame(fieldsOf(into), NOTHING, 'nothing of the last call is left');
  t.strictSame(reader(into)(CONTAINER), CONTAINER_FIELDS);
  neverMisreadsACut(t, parse, CONTAINER);
  t.end();
});

t.test('whatever files were read before, a kernel’s file reads as by a fresh status', t => {
  const dropped = fc.subarray([
    'Umask',
    'Seccomp',
    'Seccomp_filters',
    'NoNewPrivs',
    'VmPeak',
    'CapAmb',
    'NSpid',
    'Threads',
    'Uid',
  ]);
  const name = fc.string({ unit: 'grapheme-ascii', maxLength: 15 }).map(name => name.replaceAll('\n', '\\n'));
  const file = fc
    .tuple(dropped, name, fc.nat(2), fc.bigInt(0n, 2n ** 41n))
    .map(([keys, name, mode, mask]) => {
      const hexadecimal = mask.toString(16).padStart(16, '0');
      const whole = CONTAINER.replace('nginx', () => name)
        .replace('Seccomp:\t2', `Seccomp:\t${mode}`)
        .replace('CapEff:\t00000000a80425fb', `CapEff:\t${hexadecimal}`);
      return keys.reduce((content, key) => content.replace(new RegExp(`^${key}:.*\n`, 'mu'), ''), whole);
    });
  const disturbance = damaged([CONTAINER]);
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(fc.oneof(file, disturbance), { maxLength: 4 }), file, (before, last) => {
        const read = reader();
        for (const content of before) {
          try {
            read(content);
          } catch {
            // Only what it does to the next file is asked here.
          }
        }
        return JSON.stringify(read(last), printBigInt) === JSON.stringify(parse(last), printBigInt);
      }),
    ),
  );
  survivesAnyBytes(t, parse, [CONTAINER]);
  t.end();
});

function printBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}

t.test('print, then parse', t => {
  const mask = fc.bigInt(0n, 2n ** 64n - 1n);
  const id = fc.nat({ max: 2 ** 32 - 1 });
  const status = fc.record({
    name: fc.string({ unit: 'grapheme', maxLength: 15 }),
    mask,
    uid: id,
    pids: fc.array(id, { minLength: 1, maxLength: 32 }),
  });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(status, ({ name, mask, uid, pids }) => {
        const printed = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
        const hexadecimal = mask.toString(16).padStart(16, '0');
        const fields = parse(
          `Name:\t${printed}\nUid:\t${uid}\t1\t2\t3\nNSpid:\t${pids.join('\t')}\nCapBnd:\t${hexadecimal}\n`,
        );
        return (
          fields.name === name &&
          fields.uid?.real === uid &&
          fields.uid.filesystem === 3 &&
          fields.namespacePids?.join() === pids.join() &&
          fields.capabilities.bounding === mask
        );
      }),
    ),
  );
  t.end();
});

t.test('live files', t => {
  const self = parse(readFileSync('/proc/self/status'));
  t.equal(self.tgid, process.pid);
  t.equal(self.ppid, process.ppid);
  t.equal(self.uid?.effective, process.geteuid?.());
  t.equal(self.namespacePids?.[0], process.pid);
  t.type(self.capabilities.bounding, 'bigint');
  const read = reader();
  for (const pid of [1, process.pid, process.ppid]) {
    const content = readFileSync(`/proc/${pid}/status`);
    t.strictSame(read(content), parse(content), 'one status for several processes');
  }
  t.end();
});
