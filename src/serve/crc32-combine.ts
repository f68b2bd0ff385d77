/** The polynomial of CRC-32 (ISO 3309), bits reversed. */
const POLYNOMIAL = 0xedb88320;
/** Likewise, so that x to the power of 0 is the highest bit. */
const ONE = 0x80000000;

/**
 * The CRC-32 of two byte strings after each other, of which the CRCs and the second's length are known. zlib can do it
 * (crc32_combine), but Node does not show that: the first CRC, as a polynomial over GF(2), times x to the power of the
 * bits that follow it.
 */
export function crc32Combine(first: number, second: number, secondBytes: number): number {
  let shifted = first;
  let power = ONE >>> 8;
  for (let rest = secondBytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shifted = multiply(power, shifted);
    power = multiply(power, power);
  }
  return (shifted ^ second) >>> 0;
}

/** Two polynomials, modulo the one above. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
  }
  return product;
}
