/** The `Status` of a list entry, which is written for people, as far as it can be compared. */
export interface ListStatus {
  /** What does not change with time: `Up (healthy)`, `Exited (137)`. */
  readonly words: string;
  /** The time since the start or the exit, as roughly as Docker says it; absent where it does not. */
  readonly ageSeconds: number | undefined;
}

/** `Up About an hour (Paused)`, `Exited (0) 5 seconds ago`, `Restarting (1) 2 weeks ago`. */
export function parseListStatus(status: string): ListStatus {
  const match = /(?:less than a|about an?|\d+) (second|minute|hour|day|week|month|year)s?(?: ago)?/i.exec(
    status,
  );
  if (match === null) {
    return { words: status, ageSeconds: undefined };
  }
  const amount = Number.parseInt(match[0], 10) || (match[0].startsWith('Less') ? 0 : 1);
  return {
    words: status.replace(match[0], '').replaceAll(/\s+/g, ' ').trim(),
    ageSeconds: amount * (UNIT_SECONDS[match[1] ?? ''] ?? 0),
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};
