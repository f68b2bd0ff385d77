import type { ExpositionFormat } from './exposition.js';
import type { Metric } from './metric.js';

/** The lines that stand before a metric's series, and the name its series have in the format. */
export function metricHeader(
  metric: Pick<Metric, 'name' | 'type' | 'help'>,
  format: ExpositionFormat,
): string {
  const { name, type, help } = metric;
  if (format === 'text')
    return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type === 'info' ? 'gauge' : type}\n`;
  const family = openMetricsFamily(metric);
  const unit = unitOf(family);
  return (
    `# HELP ${family} ${escapeHelp(help).replaceAll('"', String.raw`\"`)}\n` +
    `# TYPE ${family} ${openMetricsType(metric)}\n` +
    (unit === undefined ? '' : `# UNIT ${family} ${unit}\n`)
  );
}

/** OpenMetrics names a family without the suffix that its samples have. */
function openMetricsFamily({ name, type }: Pick<Metric, 'name' | 'type'>): string {
  if (type === 'counter') return name.replace(/_total$/, '');
  return type === 'info' ? name.replace(/_info$/, '') : name;
}

/** A counter must end in `_total` there; cAdvisor has names that do not, and they stay as people know them. */
function openMetricsType({ name, type }: Pick<Metric, 'name' | 'type'>): string {
  return type === 'counter' && !name.endsWith('_total') ? 'unknown' : type;
}

/** The base unit that a family's name ends in. */
export function unitOf(family: string): string | undefined {
  return /_(seconds|bytes|cores)$/.exec(family)?.[1];
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}
