const LONGEST_GUESSED = 64;

/**
 * The known name that somebody most likely meant: the one that ends in `.text`, or the one with the fewest
 * letters changed. Absent where nothing is close.
 */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  if (wanted === '' || wanted.length > LONGEST_GUESSED) {
    return undefined;
  }
  return known.find(name => name.endsWith(`.${wanted}`)) ?? fewestChanges(wanted, known);
}

function fewestChanges(wanted: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestChanges = Math.floor(wanted.length / 3) + 2;
  for (const name of known) {
    const changes = editDistance(wanted, name.toLowerCase());
    if (changes < bestChanges) {
      best = name;
      bestChanges = changes;
    }
  }
  return best;
}

/** Levenshtein distance: insertions, deletions and replacements of one character. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const removed = (previous[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, removed, inserted));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
