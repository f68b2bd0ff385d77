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
SwapTotal:             0 kB
HugePages_Total:       0
`;

t.same(parse(SAMPLE), {
  memTotalBytes: 24684092 * 1024,
  memAvailableBytes: 24298140 * 1024,
  swapTotalBytes: 0,
});
t.same(
  parse('MemTotal:       24684092 kB\n'),
  { memTotalBytes: 24684092 * 1024, memAvailableBytes: undefined, swapTotalBytes: undefined },
  'kernels before 3.14 do not tell what is available',
);
t.same(parse(''), { memTotalBytes: undefined, memAvailableBytes: undefined, swapTotalBytes: undefined });
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
      const { memTotalBytes, swapTotalBytes } = parse(
        `MemTotal: ${total} kB\nNew: 5 kB\nSwapTotal: ${swap} kB\n`,
      );
      return memTotalBytes === total * 1024 && swapTotalBytes === swap * 1024;
    }),
  ),
);
