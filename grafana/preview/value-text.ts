import type { FieldConfig, MappedTo } from './dashboard-file.js';

/** A value as a panel writes it, and the colour that says how it stands. */
export interface Shown {
  readonly text: string;
  /** Grafana's name of it; absent where nothing says what is good. */
  readonly colour: string | undefined;
}

/** What a value looks like in a field with these mappings, thresholds and unit. */
export function shown(value: number, config: FieldConfig, nowSeconds: number): Shown {
  const mapped = mappedTo(value, config);
  const step = config.thresholds?.steps.findLast(({ value: from }) => from === null || value >= from);
  return {
    text: mapped?.text ?? withUnit(value, config, nowSeconds),
    colour: mapped?.color ?? step?.color,
  };
}

/** A value with its unit, rounded to about three digits, as Grafana writes it. */
export function withUnit(
  value: number,
  { unit = 'short', decimals }: FieldConfig,
  nowSeconds: number,
): string {
  if (unit === 'percentunit') return `${rounded(value * 100, decimals ?? 1)}%`;
  if (unit === 'bytes') return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], decimals);
  if (unit === 'Bps') return scaled(value, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s'], decimals);
  if (unit === 's') return duration(value, decimals);
  if (unit === 'dateTimeFromNow') return `${duration(nowSeconds - value / 1000, 0)} ago`;
  if (unit === 'none') return String(value);
  const suffix = { ops: ' ops/s', pps: ' p/s', reqps: ' req/s' }[unit] ?? '';
  return scaled(value, 1000, ['', 'K', 'Mil', 'Bil'], decimals) + suffix;
}

/** The words and the colour that a value or a text has by the mappings. */
export function mappedTo(value: number | string, { mappings = [] }: FieldConfig): MappedTo | undefined {
  for (const mapping of mappings) {
    if (mapping.type === 'value') {
      const result = mapping.options[String(value)];
      if (result !== undefined) return result;
    } else if (mapping.type === 'range' && typeof value === 'number') {
      const { from, to, result } = mapping.options;
      if (value >= (from ?? -Infinity) && value <= (to ?? Infinity)) return result;
    }
  }
  return undefined;
}

function scaled(value: number, base: number, units: readonly string[], decimals?: number): string {
  const magnitude = Math.abs(value) < base ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(base));
  const power = Math.min(magnitude, units.length - 1);
  const number = rounded(value / base ** power, decimals);
  const unit = units[power] ?? '';
  return unit === '' ? number : `${number} ${unit}`;
}

function rounded(value: number, decimals?: number): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(3)));
}

function duration(seconds: number, decimals?: number): string {
  if (seconds !== 0 && Math.abs(seconds) < 1) return `${rounded(seconds * 1000)} ms`;
  for (const [unit, length] of [
    ['days', 86_400],
    ['hours', 3600],
    ['mins', 60],
  ] as const)
    if (seconds >= length) {
      const count = rounded(seconds / length, decimals);
      return `${count} ${count === '1' ? unit.slice(0, -1) : unit}`;
    }
  return `${rounded(seconds, decimals)} s`;
}
