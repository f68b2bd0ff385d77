const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const BILLION = 1e9;
/** Above this, a count of billionths is no exact integer any more. */
const LARGEST_WITH_BILLIONTHS = Number.MAX_SAFE_INTEGER / BILLION;
/** More than any number takes in decimal or exponent notation. */
export const MAXIMUM_NUMBER_BYTES = 32;

/**
 * Writes a sample value at `position` and answers the position behind it. Integers and numbers of nanoseconds, which
 * are nearly all there are, are written digit by digit; the rest as JavaScript prints them, which Prometheus reads.
 * The text always reads back as the very same double.
 */
export function writeNumber(bytes: Uint8Array, position: number, value: number): number {
  if (Number.isSafeInteger(value)) return writeInteger(bytes, position, value);
  if (value > 0 && value < LARGEST_WITH_BILLIONTHS) {
    const billionths = Math.round(value * BILLION);
    if (billionths / BILLION === value) return writeBillionths(bytes, position, billionths);
  }
  return writeText(bytes, position, numberText(value));
}

/** How the exposition formats write a number that is no plain decimal. */
function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

function writeInteger(bytes: Uint8Array, position: number, value: number): number {
  let start = position;
  let rest = value;
  if (rest < 0) {
    bytes[start++] = MINUS;
    rest = -rest;
  }
  const end = start + digitCount(rest);
  writeDigits(bytes, start, end, rest);
  return end;
}

function writeBillionths(bytes: Uint8Array, position: number, billionths: number): number {
  const whole = Math.floor(billionths / BILLION);
  let fraction = billionths - whole * BILLION;
  let digits = 9;
  while (fraction % 10 === 0) {
    fraction /= 10;
    digits -= 1;
  }
  const point = writeInteger(bytes, position, whole);
  bytes[point] = POINT;
  writeDigits(bytes, point + 1, point + 1 + digits, fraction);
  return point + 1 + digits;
}

/** Fills `start` to `end` from the right, with leading zeros. */
function writeDigits(bytes: Uint8Array, start: number, end: number, value: number): void {
  let rest = value;
  let index = end - 1;
  // Numbers above 2^31 divide slowly: take off what does not fit a small integer first.
  while (rest >= 0x4000_0000) {
    const quotient = Math.floor(rest / 10);
    bytes[index--] = ZERO + (rest - quotient * 10);
    rest = quotient;
  }
  for (let small = rest | 0; index >= start; index--) {
    const quotient = (small / 10) | 0;
    bytes[index] = ZERO + (small - quotient * 10);
    small = quotient;
  }
}

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count += 1;
  return count;
}

function writeText(bytes: Uint8Array, position: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[position + index] = text.charCodeAt(index);
  return position + text.length;
}
