import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { GaugeConfiguration, Metric, OpenMetricsContentType } from 'prom-client';
import type { ExpositionFormat } from './exposition.js';
import { SELF_METRICS } from './self.js';
import type { SelfMetric, SelfRecorder } from './self.js';

/** Finer precision costs six times as much CPU when idle. */
const EVENT_LOOP_PRECISION_MILLISECONDS = 1000;
/**
 * Left out of Node's default metrics: promtool refuses the names of the first three, and the fourth lists every open
 * descriptor in each scrape, which takes milliseconds where thousands are held. The others are distances between two ticks
 * of a timer, a second when nothing is late, and NaN or 292 years when two scrapes come within one.
 */
const UNWANTED_DEFAULTS = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'process_open_fds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
];

/** The daemon's own metrics. */
export interface SelfRegistry extends SelfRecorder {
  /** All of them as text; in OpenMetrics with the end marker. */
  render(format: ExpositionFormat): Promise<string>;
}

/** Builds prom-client's registries from the table, with Node's and the process's metrics where they are wanted. */
export function createSelfRegistry(options: { readonly defaultMetrics: boolean }): SelfRegistry {
  const text = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const row of SELF_METRICS as readonly SelfMetric[]) {
    const described = { name: row.name, help: row.help, labelNames: row.labels, registers: [text] };
    if (row.type === 'counter') counters.set(row.name, new Counter(described));
    else if (row.type === 'gauge') gauges.set(row.name, newGauge(described));
    else histograms.set(row.name, new Histogram({ ...described, buckets: [...(row.buckets ?? [])] }));
  }
  if (options.defaultMetrics) addDefaultMetrics(text);
  const registries = { text, openmetrics: openMetricsTwin(text) };
  return {
    add: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    set: (name, labels, value) => {
      const gauge = gauges.get(name);
      if (value === undefined) gauge?.remove(labels);
      else gauge?.set(labels, value);
    },
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    render: format => registries[format].metrics(),
  };
}

function newGauge(described: GaugeConfiguration<string>): Gauge {
  const gauge = new Gauge(described);
  // prom-client starts a gauge without labels at 0, which would say something that nobody measured.
  if (described.labelNames?.length === 0) gauge.remove();
  return gauge;
}

function addDefaultMetrics(registry: Registry): void {
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MILLISECONDS,
  });
  for (const name of UNWANTED_DEFAULTS) registry.removeSingleMetric(name);
  countLagAlone(registry.getSingleMetric('nodejs_eventloop_lag_max_seconds') as Gauge);
}

/** Node measures from one tick to the next: what is due between the two is no lag. */
function countLagAlone(gauge: Gauge): void {
  const set = gauge.set.bind(gauge);
  // prom-client sets it with labels, of which it has none.
  gauge.set = (_: unknown, tickSeconds?: number) =>
    set(Math.max(0, (tickSeconds ?? 0) - EVENT_LOOP_PRECISION_MILLISECONDS / 1000));
}

/**
 * A registry in the other format with the same metrics. It gets objects that inherit from the metrics, because
 * rendering OpenMetrics renames a counter for good.
 */
function openMetricsTwin(text: Registry): Registry<OpenMetricsContentType> {
  const twin = new Registry<OpenMetricsContentType>();
  twin.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const metric of text.getMetricsAsArray() as unknown as Metric[])
    twin.registerMetric(Object.create(metric) as Metric);
  return twin;
}
