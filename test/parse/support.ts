import * as fc from 'fast-check';
import type { Test } from 'tap';
import { ParseError } from '../../src/parse/scan.js';

type Parse<Value> = (bytes: Uint8Array, length: number) => Value;

/** Gives a parser its text as a reader does: at the start of a larger buffer that holds remains of other files. */
export function fromBuffer<Value>(parse: Parse<Value>): (content: string | Uint8Array) => Value {
  return content => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const buffer = new Uint8Array(bytes.length + 64).fill('7'.charCodeAt(0));
    buffer.set(bytes);
    buffer.set(new TextEncoder().encode('5\nanon 6\n'), bytes.length);
    const value = parse(buffer, bytes.length);
    buffer.fill('8'.charCodeAt(0));
    return value;
  };
}

/** Asserts that each of these contents is refused, with a ParseError and nothing else. */
export function refuses<Content>(
  t: Test,
  parse: (content: Content) => unknown,
  contents: Readonly<Record<string, Content>>,
): void {
  for (const [name, content] of Object.entries(contents)) {
    t.throws(() => parse(content), { name: 'ParseError', message: /^expected / }, name);
  }
}

/** Asserts that whatever bytes come, random or a damaged sample, there is a value or a ParseError. */
export function survivesAnyBytes(
  t: Test,
  parse: (content: Uint8Array) => unknown,
  samples: readonly string[],
): void {
  t.doesNotThrow(() =>
    fc.assert(fc.property(damaged(samples), content => isValueOrParseError(() => parse(content)))),
  );
}

/** Asserts the same for a parser that takes text. */
export function survivesAnyText(
  t: Test,
  parse: (content: string) => unknown,
  samples: readonly string[],
): void {
  const contents = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    damaged(samples).map(content => new TextDecoder().decode(content)),
  );
  t.doesNotThrow(() =>
    fc.assert(fc.property(contents, content => isValueOrParseError(() => parse(content)))),
  );
}

/** What the formats are made of. */
const LIKELY = [' ', '\n', '\t', ':', '=', '-', '(', ')', '0', '1', '8', '9', 'a', 'x', 'm', 'X', '\0'];

/** Random bytes, or a sample of which a part is replaced with random bytes. */
export function damaged(samples: readonly string[]): fc.Arbitrary<Uint8Array> {
  const bytes = fc.uint8Array({ maxLength: 60 });
  const likely = fc
    .array(fc.constantFrom(...LIKELY), { maxLength: 12 })
    .map(characters => new TextEncoder().encode(characters.join('')));
  const pieces = fc.record({
    sample: fc.constantFrom(...samples),
    start: fc.nat(400),
    dropped: fc.nat(40),
    inserted: fc.oneof(likely, bytes),
  });
  const spliced = pieces.map(({ sample, start, dropped, inserted }) => {
    const whole = new TextEncoder().encode(sample);
    const from = start % (whole.length + 1);
    return Uint8Array.of(...whole.slice(0, from), ...inserted, ...whole.slice(from + dropped));
  });
  return fc.oneof(bytes, likely, spliced);
}

/**
 * Asserts that no cut of a sample, at any byte, is taken for something else: it is refused, or what it
 * yields is a part of what the whole sample yields.
 */
export function neverMisreadsACut(t: Test, parse: (content: string) => unknown, sample: string): void {
  const whole = parse(sample);
  for (let length = 0; length < sample.length; length++) {
    let part: unknown;
    try {
      part = parse(sample.slice(0, length));
    } catch (error) {
      if (error instanceof ParseError) continue;
      throw error;
    }
    if (!isPartOf(part, whole)) t.fail(`misread when cut at byte ${length}`, { part, whole });
  }
  t.pass('every cut was tried');
}

function isPartOf(part: unknown, whole: unknown): boolean {
  if (part === undefined || Number.isNaN(part)) return true;
  if (typeof part !== 'object' || part === null || typeof whole !== 'object' || whole === null)
    return part === whole;
  const names = Object.entries(part);
  const values = new Map(Object.entries(whole));
  return names.every(([name, value]) => isPartOf(value, values.get(name)));
}

function isValueOrParseError(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof ParseError) return /^[ -~]{1,200}$/u.test(error.message);
    throw error;
  }
}

/** Unsigned integers as the kernel prints them, with how a double reads them. */
export const counter = fc
  .oneof(fc.nat(), fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(2n ** 53n - 5n, 2n ** 53n + 5n))
  .map(String);
