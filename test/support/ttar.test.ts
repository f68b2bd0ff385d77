import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import t from 'tap';
import { formatTtar, parseTtar, type TtarEntry } from './ttar.js';

function file(path: string, content: string | Buffer, mode = 0o644): TtarEntry {
  return { kind: 'file', path, mode, content: Buffer.from(content) };
}

function text(...lines: string[]): Buffer {
  return Buffer.from(lines.map(line => `${line}\n`).join(''));
}

t.test('reads what the ttar script writes', async t => {
  const archive = text(
    '# Archive created by ttar -c -f x.ttar proc',
    'Directory: proc/1',
    'Mode: 755',
    '# ttar - - -',
    'Path: proc/1/comm',
    'Lines: 1',
    'systemd',
    'Mode: 444',
    '# ttar - - -',
    'Path: proc/1/environ',
    'Lines: 1',
    'A=1NULLBYTEB=\\NULLBYTENULLBYTEEOF',
    'Mode: 400',
    '# ttar - - -',
    'Path: proc/1/empty',
    'Lines: 0',
    'Mode: 644',
    '# ttar - - -',
    'Path: proc/1/root',
    'SymlinkTo: /',
    '# ttar - - -',
  );
  t.same(parseTtar(archive), [
    { kind: 'directory', path: 'proc/1', mode: 0o755 },
    file('proc/1/comm', 'systemd\n', 0o444),
    file('proc/1/environ', 'A=1\0B=NULLBYTE\0', 0o400),
    file('proc/1/empty', ''),
    { kind: 'symlink', path: 'proc/1/root', target: '/' },
  ]);
});

t.test('writes what the ttar script reads', async t => {
  const entries: TtarEntry[] = [
    { kind: 'directory', path: 'ns', mode: 0o755 },
    { kind: 'symlink', path: 'ns/net', target: 'net:[4026531840]' },
    file('label', 'system_u:system_r:container_t:s0\0', 0o444),
    file('two', 'a\nEOF\n'),
  ];
  const divider = '# ttar - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -';
  t.equal(
    formatTtar(entries).toString(),
    [
      ['Directory: ns', 'Mode: 755', divider],
      ['Path: ns/net', 'SymlinkTo: net:[4026531840]', divider],
      ['Path: label', 'Lines: 1', 'system_u:system_r:container_t:s0NULLBYTEEOF', 'Mode: 444', divider],
      ['Path: two', 'Lines: 2', 'a', '\\EOF', 'Mode: 644', divider],
      [],
    ]
      .map(lines => lines.join('\n'))
      .join('\n'),
  );
});

t.test('gives every content back', async t => {
  for (const content of [
    '',
    '\n',
    '\n\n',
    'no newline at the end',
    'two\nlines',
    'ends\n',
    '\0',
    '\0\0\n\0',
    'NULLBYTE\n',
    '\\NULLBYTE\n',
    'EOF',
    'EOF\n',
    'xEOF',
    'Path: other\nLines: 9\nMode: 777\n# comment\n',
    '# ttar - - -\n',
    'Grüße\r\n',
  ]) {
    t.same(parseTtar(formatTtar([file('f', content)])), [file('f', content)], JSON.stringify(content));
  }
});

t.test('gives any bytes back that it does not refuse', async t => {
  const piece = fc.constantFrom('EOF', 'NULLBYTE', '\\', '\0', '\n', 'Path: x\n', '#', 'é');
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
    fc.array(piece, { maxLength: 8 }).map(pieces => Buffer.from(pieces.join(''))),
  );
  const content = bytes.filter(bytes => !/\\(\0|$)/.test(bytes.toString('latin1')));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(content, content, (first, second) => {
        const entries = [file('a', first), file('b', second)];
        return isDeepStrictEqual(parseTtar(formatTtar(entries)), entries);
      }),
    ),
  );
});

t.test('refuses what the format cannot hold', async t => {
  t.throws(() => formatTtar([file('f', 'a\\\0b')]), /backslash before a NUL/);
  t.throws(() => formatTtar([file('f', 'a\\')]), /before the end of f/);
  t.throws(() => formatTtar([file('a\nb', '')]), /newline/);
  t.throws(() => formatTtar([{ kind: 'symlink', path: 'l', target: 'a\nb' }]), /newline/);
});

t.test('names keep their characters', async t => {
  const entries: TtarEntry[] = [
    { kind: 'symlink', path: 'fd/3', target: '/tmp/Grüße (deleted)' },
    file('odd name: ü', 'x\n'),
  ];
  t.same(parseTtar(formatTtar(entries)), entries);
});

t.test('says where an archive is broken', async t => {
  t.throws(() => parseTtar(text('Path: a', 'Lines: 3', 'x', 'Mode: 644')), /line 6: expected "Mode: "/);
  t.throws(() => parseTtar(text('Path: a', 'Lines: many', 'x', 'Mode: 644')), /expected "Mode: "/);
  t.throws(() => parseTtar(text('Directory: a', 'Path: b')), /line 2: expected "Mode: ", found "Path: b"/);
  t.throws(() => parseTtar(text('nonsense')), /line 1: expected "Path: ", found "nonsense"/);
});
