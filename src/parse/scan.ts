/** What a kernel file says is not what its format allows. Parsers throw nothing else. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
}

export const NEWLINE = 0x0a;
export const SPACE = 0x20;
export const COLON = 0x3a;
const TAB = 0x09;
const MINUS = 0x2d;
const ZERO = 0x30;

/** An integer of this many digits is exact in a double, whatever its digits are. */
export const EXACT_DIGITS = 15;
const EXACT_POWER = 1e15;
/** 2^64 - 1, the largest number that the kernel prints, has 20 digits. */
const MAX_DIGITS = 20;
const MAX_EXCERPT = 40;

/** The byte at `position`, or -1 behind the end of the buffer. */
export function byteAt(bytes: Uint8Array, position: number): number {
  return bytes[position] ?? -1;
}

/** The value of a decimal digit; anything outside 0 to 9 is no digit. */
export function digitAt(bytes: Uint8Array, position: number): number {
  return byteAt(bytes, position) - ZERO;
}

/**
 * The decimal integer that fills `bytes` from `start` to `end`, rounded once to the nearest double
 * where it is above 2^53.
 *
 * @throws {ParseError} where there is no digit, anything but digits, or more digits than 2^64 has.
 */
export function parseUnsigned(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > MAX_DIGITS) throw malformed('a decimal number', bytes, end, start);
  const split = end - EXACT_DIGITS;
  if (split <= start) return parseExact(bytes, start, end);
  // The product is exact (it needs at most 17 + 35 bits), so that only the addition rounds.
  return parseExact(bytes, start, split) * EXACT_POWER + parseExact(bytes, split, end);
}

function parseExact(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let position = start; position < end; position++) {
    const digit = digitAt(bytes, position);
    if (digit < 0 || digit > 9) throw malformed('a decimal number', bytes, end, start);
    value = value * 10 + digit;
  }
  return value;
}

/** As `parseUnsigned`, with an optional leading minus. */
export function parseSigned(bytes: Uint8Array, start: number, end: number): number {
  if (byteAt(bytes, start) !== MINUS || end <= start) return parseUnsigned(bytes, start, end);
  const magnitude = parseUnsigned(bytes, start + 1, end);
  return magnitude === 0 ? 0 : -magnitude;
}

/**
 * The bit mask of 1 to 16 hexadecimal digits that fills `bytes` from `start` to `end`, as a bigint
 * because bit operators on numbers see only 32 bits.
 *
 * @throws {ParseError} where it is anything else.
 */
export function parseHexadecimal(bytes: Uint8Array, start: number, end: number): bigint {
  const digits = ascii(bytes, start, Math.min(end, start + 17));
  if (!/^[0-9a-f]{1,16}$/iu.test(digits)) throw malformed('a hexadecimal mask', bytes, end, start);
  return BigInt(`0x${digits}`);
}

/** A decimal integer of 1 to 20 digits, as `parseUnsigned`, for formats that are read as text. */
export function decimal(digits: string | undefined): number | undefined {
  return digits !== undefined && /^\d{1,20}$/u.test(digits) ? Number(digits) : undefined;
}

/** Where the line that `position` is in ends: at its newline, or at `length`. */
export function lineEnd(bytes: Uint8Array, length: number, position: number): number {
  let end = position;
  while (end < length && bytes[end] !== NEWLINE) end++;
  return end;
}

/** The first position from `position` on that is neither a space nor a tab. */
export function skipBlanks(bytes: Uint8Array, end: number, position: number): number {
  let next = position;
  while (next < end && (bytes[next] === SPACE || bytes[next] === TAB)) next++;
  return next;
}

/** The first position from `position` on that is a space or a tab, or `end`. */
export function skipWord(bytes: Uint8Array, end: number, position: number): number {
  let next = position;
  while (next < end && bytes[next] !== SPACE && bytes[next] !== TAB) next++;
  return next;
}

/** Whether `expected` stands at `position` and ends no later than `end`. */
export function matches(bytes: Uint8Array, end: number, position: number, expected: Uint8Array): boolean {
  if (position + expected.length > end) return false;
  for (let index = 0; index < expected.length; index++) {
    if (bytes[position + index] !== expected[index]) return false;
  }
  return true;
}

/** Bytes of an ASCII word, to compare with. */
export function asciiBytes(word: string): Uint8Array {
  return Uint8Array.from(word, character => character.charCodeAt(0));
}

/**
 * Every line-based kernel file ends in a newline; one that does not was cut short, and its last
 * number may be a piece of a number.
 *
 * @throws {ParseError} where it does not. An empty file is complete.
 */
export function assertComplete(bytes: Uint8Array, length: number): void {
  if (length > 0 && bytes[length - 1] !== NEWLINE) throw malformed('a final newline', bytes, length, length);
}

/** The lines of a file that is read rarely, as `text`. Throws a ParseError where the last one is cut. */
export function lines(bytes: Uint8Array, length: number): string[] {
  return mapLines(bytes, length, 'a line', line => line);
}

/**
 * One value for each line, from `start` on, of a file that is read rarely.
 *
 * @throws {ParseError} saying `expected` at the first line for which `parseLine` has no value, and where the last line is cut.
 */
export function mapLines<Value>(
  bytes: Uint8Array,
  length: number,
  expected: string,
  parseLine: (line: string) => Value | undefined,
  start = 0,
): Value[] {
  assertComplete(bytes, length);
  const values: Value[] = [];
  for (let position = start; position < length;) {
    const end = lineEnd(bytes, length, position);
    const value = parseLine(text(bytes, position, end));
    if (value === undefined) throw malformed(expected, bytes, end, position);
    values.push(value);
    position = end + 1;
  }
  return values;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 text; each invalid sequence reads as U+FFFD. */
export function text(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end));
}

/** Text of one character per byte. */
export function ascii(bytes: Uint8Array, start: number, end: number): string {
  let characters = '';
  for (let position = start; position < end; position++) {
    characters += String.fromCharCode(byteAt(bytes, position) & 0xff);
  }
  return characters;
}

/** A ParseError that says what was expected where, and quotes what stands there up to `end`, printable characters only. */
export function malformed(expected: string, bytes: Uint8Array, end: number, position: number): ParseError {
  let line = 1;
  for (let index = 0; index < position; index++) if (bytes[index] === NEWLINE) line++;
  const excerpt = ascii(bytes, position, Math.min(end, position + MAX_EXCERPT)).replaceAll(/[^ -~]/gu, '.');
  const found = excerpt === '' ? 'nothing' : `'${excerpt}'`;
  return new ParseError(`expected ${expected} at line ${line}, byte ${position}, found ${found}`);
}

/** As `malformed`, for a text without lines. */
export function malformedText(expected: string, found: string): ParseError {
  const bytes = new TextEncoder().encode(found);
  return malformed(expected, bytes, bytes.length, 0);
}
