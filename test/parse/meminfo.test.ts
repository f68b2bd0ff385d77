import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import * as fc from 'fast-check';
import t from 'tap';
import { parseMeminfo } from '../../src/parse/meminfo.js';
import { fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseMeminfo);
const SAMPLE = `MemTotal:       24684092 kB
MemFree:        24294080 kB
MemAvailable:   24298140 kB
SwapTotal:       2097148 kB
SwapFree:        1048576 kB
HugePages_Total:       0
`;

const NOTHING = {
  memTotalBytes: undefined,
  memFreeBytes: undefined,
  swapTotalBytes: undefined,
  swapFreeBytes: undefined,
};

t.strictSame(parse(SAMPLE), {
  memTotalBytes: 24684092 * 1024,
  memFreeBytes: 24294080 * 1024,
  swapTotalBytes: 2097148 * 1024,
  swapFreeBytes: 1048576 * 1024,
});
t.strictSame(
  parse('SwapTotal:             0 kB\nSwapFree:              0 kB\n'),
  { ...NOTHING, swapTotalBytes: 0, swapFreeBytes: 0 },
  'a host without swap says 0, and what it does not say is absent',
);
t.strictSame(parse(''), NOTHING);
t.strictSame(parse('SwapCached:           12 kB\n'), NOTHING, 'no other key that starts alike');
t.equal(parse(readFileSync('/proc/meminfo')).memTotalBytes, totalmem(), 'a live file');

refuses(t, parse, {
  'no number': 'MemTotal: kB\n',
  'no unit': 'MemTotal: 24684092\n',
  'another unit': 'MemTotal: 24684092 MB\n',
  'a negative number': 'MemTotal: -1 kB\n',
  'no final newline': 'MemTotal: 24684092 kB',
});
neverMisreadsACut(t, parse, SAMPLE);
survivesAnyBytes(t, parse, [SAMPLE]);
t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (total, swap) => {
      const { memTotalBytes, memFreeBytes, swapTotalBytes } = parse(
        `MemTotal: ${total} kB\nNew: 5 kB\nSwapTotal: ${swap} kB\n`,
      );
      return memTotalBytes === total * 1024 && memFreeBytes === undefined && swapTotalBytes === swap * 1024;
    }),
  ),
);
