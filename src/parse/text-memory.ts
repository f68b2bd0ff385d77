const ENTRY_BYTES = 48;

/** The text of a few short fields as it was read last, to tell without decoding whether it changed. */
export type TextMemory = Uint8Array;

export function createTextMemory(entries: number): TextMemory {
  return new Uint8Array(entries * ENTRY_BYTES);
}

/**
 * Whether `entry` holds the bytes from `start` to `end`; where it does not, it does from now on.
 * Text that is longer than an entry is not held, so that it always counts as changed.
 */
export function sameText(
  memory: TextMemory,
  entry: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const first = entry * ENTRY_BYTES;
  // The first byte is the length plus one, so that empty text differs from an empty entry.
  let same = memory[first] === end - start + 1;
  for (let from = start, to = first + 1; same && from < end; from++, to++) same = bytes[from] === memory[to];
  if (!same) hold(memory, first, bytes, start, end);
  return same;
}

function hold(memory: TextMemory, first: number, bytes: Uint8Array, start: number, end: number): void {
  const fits = end - start < ENTRY_BYTES;
  memory[first] = fits ? end - start + 1 : 0;
  if (fits) memory.set(bytes.subarray(start, end), first + 1);
}

/** Empties an entry: whatever is asked next has changed. */
export function forgetText(memory: TextMemory, entry: number): void {
  memory[entry * ENTRY_BYTES] = 0;
}
