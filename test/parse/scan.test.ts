import * as fc from 'fast-check';
import t from 'tap';
import {
  ParseError,
  decimal,
  lines,
  malformed,
  mapLines,
  parseHexadecimal,
  parseSigned,
  parseUnsigned,
  text,
} from '../../src/parse/scan.js';
import { counter, fromBuffer, refuses, survivesAnyBytes } from './support.js';

const unsigned = fromBuffer((bytes, length) => parseUnsigned(bytes, 0, length));
const signed = fromBuffer((bytes, length) => parseSigned(bytes, 0, length));
const hexadecimal = fromBuffer((bytes, length) => parseHexadecimal(bytes, 0, length));

t.test('parseUnsigned', t => {
  for (const [digits, value] of [
    ['0', 0],
    ['9306112', 9306112],
    ['007', 7],
    ['999999999999999', 999999999999999],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740993', 9007199254740992],
    ['9223372036854771712', 9223372036854771712],
    ['18446744073709551615', 18446744073709551616],
  ] as const) {
    t.equal(unsigned(digits), value, digits);
  }
  refuses(t, unsigned, {
    empty: '',
    letters: '12abc',
    minus: '-1',
    plus: '+1',
    space: ' 1',
    fraction: '1.5',
    exponent: '1e3',
    hexadecimal: '0x10',
    'more digits than 2^64 has': '184467440737095516150',
    'bytes around the digits': '1/:2',
  });
  t.doesNotThrow(
    () => fc.assert(fc.property(counter, digits => unsigned(digits) === Number(digits))),
    'any 64 bits',
  );
  survivesAnyBytes(t, unsigned, ['18446744073709551615']);
  t.end();
});

t.test('parseSigned', t => {
  t.equal(signed('-1'), -1);
  t.equal(signed('12'), 12);
  t.equal(signed('-9223372036854775808'), -(2 ** 63));
  t.ok(Object.is(signed('-0'), 0), 'there is no negative zero');
  refuses(t, signed, { empty: '', minus: '-', 'two minus': '--1', letters: '-x' });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), value => signed(`${value}`) === Number(value)),
    ),
  );
  survivesAnyBytes(t, signed, ['-9223372036854775808']);
  t.end();
});

t.test('parseHexadecimal', t => {
  t.equal(hexadecimal('00000000a80425fb'), 0xa80425fbn);
  t.equal(hexadecimal('ffffffffffffffff'), 2n ** 64n - 1n);
  refuses(t, hexadecimal, {
    empty: '',
    'not hexadecimal': '00g0',
    prefix: '0x10',
    '17 digits': '00000000a80425fb0',
    minus: '-1',
  });
  const mask = fc.bigInt(0n, 2n ** 64n - 1n);
  t.doesNotThrow(() =>
    fc.assert(fc.property(mask, value => hexadecimal(value.toString(16).padStart(16, '0')) === value)),
  );
  survivesAnyBytes(t, hexadecimal, ['00000000a80425fb']);
  t.end();
});

t.test('decimal', t => {
  t.equal(decimal('42'), 42);
  for (const word of ['', '-1', ' 1', '1e3', '0x1', '1.0', '184467440737095516150', undefined])
    t.equal(decimal(word), undefined);
  t.doesNotThrow(() => fc.assert(fc.property(counter, digits => decimal(digits) === unsigned(digits))));
  t.end();
});

t.test('lines', t => {
  const read = fromBuffer(lines);
  t.same(read('a\n\nb\n'), ['a', '', 'b']);
  t.same(read(''), []);
  refuses(t, read, { 'a last line without newline': 'a\nb' });
  t.end();
});

t.test('mapLines says which line has no value', t => {
  const read = fromBuffer((bytes, length) => mapLines(bytes, length, 'a number', decimal));
  t.same(read('1\n2\n'), [1, 2]);
  t.throws(() => read('1\n2\nx y\n'), new ParseError("expected a number at line 3, byte 4, found 'x y'"));
  t.end();
});

t.test('text reads UTF-8, keeps a byte order mark, and marks what is not UTF-8', t => {
  const read = fromBuffer((bytes, length) => text(bytes, 0, length));
  t.equal(read('große Kiste'), 'große Kiste');
  t.equal(read('\uFEFFa'), '\uFEFFa');
  t.equal(read(Uint8Array.of(0x61, 0xff, 0x62)), 'a\uFFFDb');
  t.end();
});

t.test('a ParseError quotes at most 40 characters, printable ones only', t => {
  const bytes = new TextEncoder().encode(`ok\n\u001b[31m\té${'x'.repeat(100)}`);
  t.equal(
    malformed('a number', bytes, bytes.length, 3).message,
    `expected a number at line 2, byte 3, found '.[31m...${'x'.repeat(32)}'`,
  );
  t.equal(malformed('a number', bytes, 3, 3).message, 'expected a number at line 2, byte 3, found nothing');
  t.ok(malformed('a number', bytes, 3, 3) instanceof Error);
  t.end();
});
