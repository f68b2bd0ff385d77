import * as fc from 'fast-check';
import t from 'tap';
import { parsePerCpuUsage } from '../../src/parse/per-cpu-usage.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parsePerCpuUsage);

t.same(parse('288677140 283741 \n'), [288677140, 283741]);
t.same(parse('5\n'), [5]);
refuses(t, parse, {
  word: '1 x\n',
  'a negative number': '-1\n',
  'two lines': '1\n2\n',
  'no final newline': '288677140 2837',
});
neverMisreadsACut(t, parse, '288677140 283741 \n');
survivesAnyBytes(t, parse, ['288677140 283741 \n']);
t.doesNotThrow(() =>
  fc.assert(
    fc.property(
      fc.array(counter, { minLength: 1 }),
      digits => parse(`${digits.join(' ')} \n`).join() === digits.map(Number).join(),
    ),
  ),
);
