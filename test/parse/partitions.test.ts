import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parsePartitions } from '../../src/parse/partitions.js';
import { fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parsePartitions);
const SAMPLE = `major minor  #blocks  name

 254        0  264241152 vda
 104        1       1024 cciss!c0d0p1
`;

t.same(parse(SAMPLE), [
  { major: 254, minor: 0, name: 'vda' },
  { major: 104, minor: 1, name: 'cciss/c0d0p1' },
]);
t.same(parse(''), []);
t.doesNotThrow(() => parse(readFileSync('/proc/partitions')), 'a live file');
refuses(t, parse, { 'no final newline': SAMPLE.slice(0, -1) });
neverMisreadsACut(t, parse, SAMPLE);
survivesAnyBytes(t, parse, [SAMPLE]);

const partition = fc.record({
  major: fc.nat(4095),
  minor: fc.nat(1048575),
  name: fc.stringMatching(/^[a-z]{1,8}[0-9]{0,3}$/u),
});
t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.array(partition), partitions => {
      const printed = partitions.map(
        ({ major, minor, name }) => `${`${major}`.padStart(4)}  ${`${minor}`.padStart(7)} 1024 ${name}\n`,
      );
      return JSON.stringify(parse(printed.join(''))) === JSON.stringify(partitions);
    }),
  ),
);
