import { parseNestedKeyed } from '../../parse/nested-keyed.js';
import type { NestedKeyedLine } from '../../parse/nested-keyed.js';
import { devicesOf } from '../blkio.js';
import type { BlkioCounter } from '../blkio.js';
import { section } from '../section.js';

const BYTES = { rbytes: 'Read', wbytes: 'Write', dbytes: 'Discard' };
const OPERATIONS = { rios: 'Read', wios: 'Write', dios: 'Discard' };

/** Block I/O from cgroup v2's io.stat, cgroups below included (admin-guide/cgroup-v2.rst, "IO"). */
export const blkio2 = section(
  { stat: { directory: 'unified', file: 'io.stat', tier: 'poll', parse: parseNestedKeyed } },
  ({ stat }, host) => stat && devicesOf(counters(stat, BYTES), counters(stat, OPERATIONS), host),
);

function counters(
  lines: readonly NestedKeyedLine[],
  names: Readonly<Record<string, string>>,
): BlkioCounter[] {
  return lines.flatMap(({ device: { major, minor }, values }) =>
    Object.entries(names).flatMap(([key, operation]) => {
      const value = values[key];
      return value === undefined ? [] : [{ major, minor, operation, value }];
    }),
  );
}
