import type { Fields } from './deployment.js';

/** The keys of rules and of Alertmanager's configuration under which a wait stands. */
const WAITS = new Set([
  'for',
  'group_interval',
  'group_wait',
  'interval',
  'keep_firing_for',
  'repeat_interval',
  'resolve_timeout',
]);
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const SHORTER = 60;

/**
 * A rule file or Alertmanager's configuration in which a second stands for a minute: every wait takes a sixtieth of its time,
 * so that all of them keep their proportions. Nothing else is changed, and the ranges in expressions are not.
 */
export function minuteAsSecond(document: Fields): Fields {
  return shortened(document) as Fields;
}

/** Seconds of a duration in one unit, such as `5m`; throws where it has another form. */
export function durationSeconds(duration: unknown): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(String(duration)) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? NaN);
  if (Number.isNaN(seconds)) throw new Error(`${JSON.stringify(duration)} is not a duration in one unit`);
  return seconds;
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      WAITS.has(key) ? `${Math.round((durationSeconds(inner) * 1000) / SHORTER)}ms` : shortened(inner),
    ]),
  );
}
