/** The value in a slot that a flat keyed parser filled; absent where the file had no such key. */
export function at(values: Float64Array | undefined, slot: number): number | undefined {
  if (values === undefined) return undefined;
  const value = values[slot];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** `value / divisor`, absent where the value is. Divides so that a decimal unit change stays exact to the last digit. */
export function divided(value: number | undefined, divisor: number): number | undefined {
  return value === undefined ? undefined : value / divisor;
}

/** `a + b`, absent where either is. */
export function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

export const NANOSECONDS = 1e9;
export const MICROSECONDS = 1e6;
