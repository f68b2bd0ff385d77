import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseProcessLimits } from '../../src/parse/proc-limits.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseProcessLimits);
const HEADING = 'Limit                     Soft Limit           Hard Limit           Units     \n';
const SAMPLE = `${HEADING}Max cpu time              unlimited            unlimited            seconds   
Max open files            20000                1048576              files     
Max nice priority         0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`;

t.test('limits', t => {
  t.same(parse(SAMPLE), [
    { name: 'Max cpu time', soft: Infinity, hard: Infinity, unit: 'seconds' },
    { name: 'Max open files', soft: 20000, hard: 1048576, unit: 'files' },
    { name: 'Max nice priority', soft: 0, hard: 0, unit: '' },
    { name: 'Max realtime timeout', soft: Infinity, hard: Infinity, unit: 'us' },
  ]);
  t.same(parse(HEADING), []);
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    empty: '',
    'no heading': 'Max open files            20000                1048576              files     \n',
    'one limit': `${HEADING}Max open files            20000                files\n`,
    'no name': `${HEADING}20000                20000                files\n`,
    'a negative limit': `${HEADING}Max open files            -1                20000                files\n`,
    'empty line': `${HEADING}\n`,
    'no final newline': `${HEADING}Max open files            20000                1048`,
  });
  neverMisreadsACut(t, parse, SAMPLE);
  survivesAnyBytes(t, parse, [SAMPLE]);
  t.end();
});

t.test('print, then parse', t => {
  const limit = fc.oneof(counter, fc.constant('unlimited'));
  const value = (printed: string) => (printed === 'unlimited' ? Infinity : Number(printed));
  const name = fc.stringMatching(/^Max [a-z]{1,9} [a-z]{1,11}$/u).filter(name => !name.includes('unlimited'));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(name, limit, limit, fc.constantFrom('', 'bytes', 'us'), (name, soft, hard, unit) => {
        const line = `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
        const [parsed] = parse(HEADING + line);
        return (
          parsed?.name === name &&
          parsed.soft === value(soft) &&
          parsed.hard === value(hard) &&
          parsed.unit === unit
        );
      }),
    ),
  );
  t.end();
});

t.test('a live file', t => {
  const limits = parse(readFileSync('/proc/self/limits'));
  t.equal(limits.length, 16);
  t.match(
    limits.find(({ name }) => name === 'Max open files'),
    { soft: Number, hard: Number, unit: 'files' },
  );
  t.end();
});
