import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseIdMap } from '../../src/parse/id-map.js';
import { fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseIdMap);
const SAMPLE = '         0     100000      65536\n     65536       1000          1\n';

t.same(parse(SAMPLE), [
  { firstInside: 0, firstOutside: 100000, count: 65536 },
  { firstInside: 65536, firstOutside: 1000, count: 1 },
]);
t.same(parse('         0          0 4294967295\n'), [{ firstInside: 0, firstOutside: 0, count: 4294967295 }]);
t.same(parse(''), [], 'a namespace without a map');
t.equal(parse(readFileSync('/proc/self/uid_map'))[0]?.firstInside, 0, 'a live file');

refuses(t, parse, {
  'two numbers': '0 100000\n',
  'four numbers': '0 100000 65536 1\n',
  'a negative number': '0 -1 65536\n',
  'empty line': '\n',
  'no final newline': '         0     100000      655',
});
neverMisreadsACut(t, parse, SAMPLE);
survivesAnyBytes(t, parse, [SAMPLE]);

const id = fc.nat(2 ** 32 - 1);
const mapping = fc.record({ firstInside: id, firstOutside: id, count: id });
t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.array(mapping, { maxLength: 5 }), mappings => {
      const printed = mappings.map(mapping =>
        Object.values(mapping)
          .map(id => String(id).padStart(10))
          .join(' '),
      );
      return JSON.stringify(parse(printed.map(line => `${line}\n`).join(''))) === JSON.stringify(mappings);
    }),
  ),
);
