import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseSoftLimit } from '../../src/parse/proc-limits.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parserOf = (name: string) => fromBuffer((bytes, length) => parseSoftLimit(bytes, length, name));
const parse = parserOf('Max open files');
const HEADING = 'Limit                     Soft Limit           Hard Limit           Units     \n';
const SAMPLE = `${HEADING}Max cpu time              unlimited            unlimited            seconds   
Max open files            20000                1048576              files     
Max nice priority         0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`;

t.test('limits', t => {
  t.same(parse(SAMPLE), 20000);
  t.same(parserOf('Max cpu time')(SAMPLE), Infinity);
  t.same(parserOf('Max nice priority')(SAMPLE), 0, 'without a unit');
  t.equal(parserOf('Max open')(SAMPLE), undefined, 'a name that another begins with');
  t.equal(parse(HEADING), undefined);
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    empty: '',
    'no heading': 'Max open files            20000                1048576              files     \n',
    'no limit': `${HEADING}Max open files            \n`,
    'a negative limit': `${HEADING}Max open files            -1                20000                files\n`,
    'almost unlimited': `${HEADING}Max open files            unlimitedly          20000                files\n`,
    'no final newline': `${HEADING}Max open files            20000                1048`,
  });
  neverMisreadsACut(t, parse, SAMPLE);
  survivesAnyBytes(t, parse, [SAMPLE]);
  t.end();
});

t.test('print, then parse', t => {
  const limit = fc.oneof(counter, fc.constant('unlimited'));
  const value = (printed: string) => (printed === 'unlimited' ? Infinity : Number(printed));
  const name = fc.stringMatching(/^Max [a-z]{1,9} [a-z]{1,11}$/u);
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(name, limit, limit, fc.constantFrom('', 'bytes', 'us'), (name, soft, hard, unit) => {
        const line = `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
        return parserOf(name)(HEADING + line) === value(soft);
      }),
    ),
  );
  t.end();
});

t.test('a live file', t => {
  const content = readFileSync('/proc/self/limits');
  const [, soft] = /^Max open files +(\S+) /m.exec(content.toString()) ?? [];
  t.equal(parse(content), soft === 'unlimited' ? Infinity : Number(soft));
  t.end();
});
