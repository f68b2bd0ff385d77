import { InvalidValue } from './invalid-value.js';

const UNITS = [
  { unit: 'y', milliseconds: 365 * 24 * 3_600_000 },
  { unit: 'w', milliseconds: 7 * 24 * 3_600_000 },
  { unit: 'd', milliseconds: 24 * 3_600_000 },
  { unit: 'h', milliseconds: 3_600_000 },
  { unit: 'm', milliseconds: 60_000 },
  { unit: 's', milliseconds: 1000 },
  { unit: 'ms', milliseconds: 1 },
] as const;

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/u;

/**
 * Reads a duration as Prometheus writes it: `10s`, `1m30s`, `500ms`, `0`. The result is in seconds.
 * Throws {@link InvalidValue}.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ (`<duration>`).
 */
export function parseDuration(text: string): number {
  if (text === '0') {
    return 0;
  }
  const match = DURATION.exec(text);
  if (match === null || text === '') {
    throw new InvalidValue(explainMistake(text));
  }
  const milliseconds = UNITS.reduce(
    (sum, { milliseconds }, index) => sum + Number(match[index + 1] ?? 0) * milliseconds,
    0,
  );
  return milliseconds / 1000;
}

/** Writes seconds as {@link parseDuration} reads them, to the millisecond: `90` becomes `1m30s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(seconds * 1000);
  if (rest === 0) {
    return '0s';
  }
  let text = '';
  for (const { unit, milliseconds } of UNITS) {
    const count = Math.floor(rest / milliseconds);
    rest -= count * milliseconds;
    text += count > 0 ? `${count}${unit}` : '';
  }
  return text;
}

function explainMistake(text: string): string {
  if (/^\d{1,9}$/u.test(text)) {
    return `has no unit; write ${text}s for seconds`;
  }
  if (/^\d*\.\d+(?:ms|[smhdwy])$/u.test(text)) {
    return 'has a decimal point; write whole numbers, such as 1s500ms';
  }
  return 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms';
}
