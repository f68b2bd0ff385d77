import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseBlkio } from '../../src/parse/blkio.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseBlkio);
const SAMPLE = `8:0 Read 3036119040
8:0 Write 0
8:0 Sync 3036119040
8:0 Async 0
8:0 Discard 0
8:0 Total 3036119040
Total 3036119040
`;

t.test('entries', t => {
  t.same(parse(SAMPLE), [
    { major: 8, minor: 0, operation: 'Read', value: 3036119040 },
    { major: 8, minor: 0, operation: 'Write', value: 0 },
    { major: 8, minor: 0, operation: 'Sync', value: 3036119040 },
    { major: 8, minor: 0, operation: 'Async', value: 0 },
    { major: 8, minor: 0, operation: 'Discard', value: 0 },
    { major: 8, minor: 0, operation: 'Total', value: 3036119040 },
  ]);
  t.same(parse('Total 0\n'), [], 'a cgroup without I/O');
  t.same(parse(''), []);
  t.same(parse('(unknown) Read 5\n8:0 Read 6\nTotal 11\n'), [
    { major: 8, minor: 0, operation: 'Read', value: 6 },
  ]);
  t.equal(parse('8:0 Flush 1\n')[0]?.operation, 'Flush', 'an operation of a newer kernel');
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    'no operation': '8:0 123\n',
    'no value': '8:0 Read\n',
    'empty value': '8:0 Read \n',
    'a negative value': '8:0 Read -1\n',
    'a device’s name': 'sda Read 1\n',
    'no minor number': '8: Read 1\n',
    'a number for an operation': '8:0 5 1\n',
    'empty operation': '8:0  1\n',
    'empty line': '\n',
    'no final newline': '8:0 Read 12',
  });
  neverMisreadsACut(t, parse, SAMPLE);
  survivesAnyBytes(t, parse, [SAMPLE, '(unknown) Read 5\n']);
  t.end();
});

t.test('print, then parse', t => {
  const entry = fc.record({
    major: fc.nat(4095),
    minor: fc.nat(1048575),
    operation: fc.constantFrom('Read', 'Write', 'Sync', 'Async', 'Discard', 'Total', 'Flush'),
    value: counter.map(Number),
  });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(entry), entries => {
        const printed = entries.map(
          ({ major, minor, operation, value }) => `${major}:${minor} ${operation} ${BigInt(value)}\n`,
        );
        return JSON.stringify(parse(printed.join(''))) === JSON.stringify(entries);
      }),
    ),
  );
  t.end();
});

const LIVE = '/sys/fs/cgroup/blkio/blkio.throttle.io_service_bytes_recursive';
t.test('a live file', { skip: existsSync(LIVE) ? false : 'no cgroup v1 here' }, t => {
  t.doesNotThrow(() => parse(readFileSync(LIVE)));
  t.end();
});
