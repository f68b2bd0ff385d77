import * as fc from 'fast-check';
import t from 'tap';
import { parseProcessIds } from '../../src/parse/process-list.js';
import { fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseProcessIds);

t.same(parse('1\n4711\n4194304\n'), [1, 4711, 4194304]);
t.same(parse('0\n0\n7\n'), [0, 0, 7], 'processes that the reader cannot see are 0');
t.same(parse(''), []);

const malformed = {
  'no final newline': '1\n47',
  'empty line': '1\n\n2\n',
  newline: '\n',
  word: 'self\n',
  space: '1 2\n',
  minus: '-1\n',
};
t.test('pids', t => {
  refuses(t, parse, malformed);
  neverMisreadsACut(t, parse, '4711\n4712\n');
  survivesAnyBytes(t, parse, ['4711\n4712\n']);
  t.end();
});
t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.array(fc.nat(4194304)), pids => {
      const printed = pids.map(pid => `${pid}\n`).join('');
      return parse(printed).join() === pids.join();
    }),
  ),
);
