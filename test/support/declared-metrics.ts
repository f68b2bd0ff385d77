import { SELF_METRICS, type SelfMetric } from '../../src/metrics/self.js';
import { CONTAINER_METRICS } from '../../src/metrics/table.js';
import { namesIn } from './promql.js';
import { readRules } from './rules.js';

const RECORDING_RULES = 'deploy/prometheus/recording-rules.yml';
/** Labels that every container series has beside those of its row. */
const CONTAINER_LABELS = ['id', 'name', 'image'];
const TARGET_LABELS = new Set(['job', 'instance']);
/** What prom-client exports of the process, as far as rules and dashboards ask for it. */
const PROCESS_METRICS = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_max_seconds',
];

/**
 * Every metric that rules and dashboards may name, with its labels beside those of the target: those of the tables,
 * those that recording rules make of them, and those that Prometheus itself adds.
 */
export function declaredMetrics(): ReadonlyMap<string, readonly string[]> {
  const self: readonly SelfMetric[] = SELF_METRICS;
  return new Map<string, readonly string[]>([
    ['up', []],
    ['scrape_duration_seconds', []],
    ['ALERTS', ['alertname', 'alertstate', 'severity', 'name']],
    ...CONTAINER_METRICS.map(({ name, labels = [] }) => [name, [...labels, ...CONTAINER_LABELS]] as const),
    ...self.flatMap(ofSelf),
    ...PROCESS_METRICS.map(name => [name, []] as const),
    ...readRules(RECORDING_RULES).map(({ record = '', expr }) => [record, namesIn(expr).grouping] as const),
  ]);
}

/** Whether series of metrics with these labels can have the label. */
export function hasLabel(label: string, ofMetrics: readonly string[]): boolean {
  return TARGET_LABELS.has(label) || ofMetrics.includes(label) || label.startsWith('container_label_');
}

function ofSelf({ name, type, labels }: SelfMetric): [string, readonly string[]][] {
  if (type !== 'histogram') return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ];
}
