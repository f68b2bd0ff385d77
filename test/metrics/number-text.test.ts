import * as fc from 'fast-check';
import t from 'tap';
import { MAXIMUM_NUMBER_BYTES, writeNumber } from '../../src/metrics/number-text.js';
import { parseExposition } from '../support/exposition.js';

const MARK = '#'.charCodeAt(0);

/** What is written into the middle of a buffer; throws where bytes around it changed. */
function textOf(value: number): string {
  const position = 5;
  const bytes = new Uint8Array(position + MAXIMUM_NUMBER_BYTES + 5).fill(MARK);
  const end = writeNumber(bytes, position, value);
  const outside = [...bytes.subarray(0, position), ...bytes.subarray(position + MAXIMUM_NUMBER_BYTES)];
  if (outside.some(byte => byte !== MARK)) throw new Error(`written outside: ${value}`);
  if (end - position > MAXIMUM_NUMBER_BYTES) throw new Error(`too long: ${value}`);
  return new TextDecoder().decode(bytes.subarray(position, end));
}

const readBack = (value: number): number => parseExposition(`x ${textOf(value)}\n`).value('x');

const TEXTS: [value: number, text: string][] = [
  [0, '0'],
  [7, '7'],
  [-1, '-1'],
  [1024, '1024'],
  [1_000_000, '1000000'],
  [4_294_967_296, '4294967296'],
  [10_000_000_000, '10000000000'],
  [1_795_473_598.189, '1795473598.189'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  [Number.MIN_SAFE_INTEGER, '-9007199254740991'],
  [0.5, '0.5'],
  [0.1, '0.1'],
  [9273.372036854, '9273.372036854'],
  [0.000000001, '0.000000001'],
  [1.000000001, '1.000000001'],
  [0.366693, '0.366693'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
  [NaN, 'NaN'],
];

for (const [value, text] of TEXTS) t.equal(textOf(value), text);

/** What a format has room for, and what kernels count up to. */
const NOTABLE = [
  2 ** 53,
  2 ** 63,
  2 ** 64 - 1,
  2 ** 31 - 1,
  2 ** 31,
  0x4000_0000,
  1e15 + 0.3,
  1e21,
  1e22,
  5e-324,
  1.7976931348623157e308,
  -2.5,
  0.1 + 0.2,
  Number.MAX_SAFE_INTEGER / 1e9,
  2 ** 53 / 1e9,
  (2 ** 53 - 2) / 1e9,
  999_999.999999999,
  0.9999999999,
];

for (const value of NOTABLE) t.equal(readBack(value), value, String(value));

t.test('every double reads back as itself', async t => {
  const double = fc.double({ noNaN: true });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(double, value => readBack(value) === value),
      { numRuns: 5000 },
    ),
  );
});

t.test('so does whatever a kernel counts in nanoseconds or microseconds', async t => {
  const count = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(Number);
  const seconds = fc
    .tuple(count, fc.constantFrom(1, 1e3, 1e6, 1e9, 100))
    .map(([ticks, unit]) => ticks / unit);
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(seconds, value => readBack(value) === value),
      { numRuns: 5000 },
    ),
  );
});

t.test('integers are plain', async t => {
  const integer = fc.maxSafeInteger();
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(integer, value => textOf(value) === String(value)),
      { numRuns: 2000 },
    ),
  );
});
