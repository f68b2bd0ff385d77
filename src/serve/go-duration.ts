const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 1e-3],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['ns', 1e-9],
]);

const PART = /(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/y;

/** Reads a duration as Go's `time.ParseDuration` does, without a sign: `1s`, `1m30s`, `0`. In seconds; `undefined` when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  let seconds = 0;
  let position = 0;
  while (position < text.length) {
    PART.lastIndex = position;
    const [all = '', amount, unit = ''] = PART.exec(text) ?? [];
    if (all === '') return undefined;
    seconds += Number(amount) * (UNIT_SECONDS.get(unit) ?? Number.NaN);
    position += all.length;
  }
  return text === '' ? undefined : seconds;
}
