import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseNetDev } from '../../src/parse/net-dev.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseNetDev);
const HEADING = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const SAMPLE = `${HEADING}    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
  eth0: 366776708    9612    1    2    3     4          5         6   883688    6386    7    8    9    10      11         12
`;
const ETH0 = {
  interface: 'eth0',
  receiveBytes: 366776708,
  receivePackets: 9612,
  receiveErrors: 1,
  receiveDropped: 2,
  transmitBytes: 883688,
  transmitPackets: 6386,
  transmitErrors: 7,
  transmitDropped: 8,
};
const line = (name: string) => `${name}: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n`;

t.test('interfaces', t => {
  t.same(parse(SAMPLE)[1], ETH0);
  t.equal(parse(SAMPLE)[0]?.interface, 'lo');
  t.equal(parse(SAMPLE).length, 2);
  t.same(parse(HEADING), []);
  t.match(parse(`${HEADING}eth0:4294967296 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n`), [
    { interface: 'eth0', receiveBytes: 4294967296, transmitBytes: 9 },
  ]);
  t.end();
});

t.test('a name is what its owner chose, and no two names become one', t => {
  for (const name of ['eth0', 'veth1a2b3c4@if5', 'a|b', '"x"', 'größe', '網路', '-', '{}']) {
    t.equal(parse(HEADING + line(name))[0]?.interface, name);
  }
  const escaped = (...bytes: number[]) =>
    parse(
      Uint8Array.of(...new TextEncoder().encode(HEADING), ...bytes, ...new TextEncoder().encode(line(''))),
    )[0]?.interface;
  t.equal(escaped(0x61, 0xff), 'a\\xff', 'no UTF-8');
  t.equal(escaped(0x61, 0xfe), 'a\\xfe');
  t.equal(escaped(...new TextEncoder().encode('a\\xff')), 'a\\\\xff');
  t.equal(escaped(0x1b, 0x5b, 0x6d), '\\x1b[m', 'a control character');
  t.equal(escaped(0xef, 0xbf, 0xbd), '\\xef\\xbf\\xbd', 'the replacement character itself');
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 4, min: 0x21 })
    .filter(bytes => !bytes.includes(0x3a));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        name,
        name,
        (one, other) => (escaped(...one) === escaped(...other)) === (one.join() === other.join()),
      ),
      { numRuns: 1000 },
    ),
  );
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    empty: '',
    'no heading': line('eth0') + line('eth1') + line('eth2'),
    'half a heading': HEADING.split('\n')[0] + '\n',
    'no name': HEADING + line(''),
    'no colon': `${HEADING}eth0 1 2 3\n`,
    'too few numbers': `${HEADING}eth0: 1 2 3 4 5 6 7 8 9 10 11\n`,
    'a negative number': HEADING + line('eth0').replace(' 3 ', ' -3 '),
    'a word': HEADING + line('eth0').replace(' 9 ', ' x '),
    'empty line': `${HEADING}\n`,
    'no final newline': SAMPLE.slice(0, -1),
  });
  neverMisreadsACut(t, parse, SAMPLE);
  survivesAnyBytes(t, parse, [SAMPLE, HEADING]);
  t.end();
});

t.test('print, then parse', t => {
  const device = fc.tuple(
    fc.stringMatching(/^[a-z][a-z0-9.@-]{0,14}$/u),
    fc.array(counter, { minLength: 16, maxLength: 16 }),
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(device, { maxLength: 5 }), devices => {
        const parsed = parse(
          HEADING + devices.map(([name, digits]) => `${name.padStart(6)}: ${digits.join('  ')}\n`).join(''),
        );
        return devices.every(([name, digits], index) => {
          const columns = [0, 1, 2, 3, 8, 9, 10, 11].map(column => Number(digits[column]));
          return JSON.stringify(Object.values(parsed[index] ?? {})) === JSON.stringify([name, ...columns]);
        });
      }),
    ),
  );
  t.end();
});

t.test('a live file', t => {
  const content = readFileSync('/proc/self/net/dev', 'utf8');
  t.equal(parse(content).length, content.split('\n').length - 3);
  t.ok(parse(content).some(device => device.interface === 'lo'));
  t.end();
});
