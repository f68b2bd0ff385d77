import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseSingleValue } from '../../src/parse/single-value.js';
import { counter, fromBuffer, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseSingleValue);

t.test('values', t => {
  for (const [content, value] of [
    ['9306112\n', 9306112],
    ['9306112', 9306112],
    ['0\n', 0],
    ['max\n', Infinity],
    ['max', Infinity],
    ['-1\n', -1],
    ['9223372036854771712\n', 9223372036854771712],
    ['18446744073709551615\n', 2 ** 64],
    ['123456789012345\n', 123456789012345],
    ['1234567890123456\n', 1234567890123456],
    ['999999999999999', 999999999999999],
  ] as const) {
    t.equal(parse(content), value, JSON.stringify(content));
  }
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    empty: '',
    newline: '\n',
    'two numbers': '1 2\n',
    'two lines': '1\n2\n',
    'empty second line': '1\n\n',
    word: 'maximum\n',
    'cut word': 'ma',
    letters: '12abc\n',
    'letters behind 15 digits': '123456789012345abc\n',
    fraction: '1.5\n',
    'more digits than 2^64 has': '184467440737095516150\n',
  });
  t.end();
});

t.test('properties', t => {
  t.doesNotThrow(() => fc.assert(fc.property(counter, digits => parse(`${digits}\n`) === Number(digits))));
  survivesAnyBytes(t, parse, ['9306112\n', 'max\n', '-1\n', '18446744073709551615\n']);
  t.end();
});

t.test('a live file', t => {
  const content = readFileSync('/proc/sys/kernel/cap_last_cap');
  t.equal(parse(content), Number(content.toString().trim()));
  t.end();
});
