import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { logOnChange } from './log.js';
import type { Clock } from './discover/clock.js';
import type { Discovery } from './discover/discovery.js';
import { hostRecorder } from './observe/host.js';
import { textBlock } from './metrics/block.js';
import type { Block } from './metrics/block.js';
import { COMPOSE_PROJECT_LABEL, COMPOSE_SERVICE_LABEL } from './metrics/identity.js';
import type { ExpositionFormat } from './metrics/exposition.js';
import type { SelfRegistry } from './metrics/registry.js';
import { Renderer } from './metrics/render.js';
import { CONTAINER_METRICS } from './metrics/table.js';
import type { Snapshot } from './model/sample.js';
import type { KernelFiles } from './read/kernel-file.js';
import type { Host } from './poll/host.js';
import type { Poller } from './poll/poller.js';
import { sliced } from './poll/slices.js';
import type { ScrapeRequest, ScrapeSource } from './serve/scrape-source.js';

/** A scrape must end before Prometheus gives it up: this much of its timeout may go into waiting for fresh values. */
const SHARE_OF_TIMEOUT = 0.8;
/** So many polls may fail to come before the daemon calls itself not ready. */
const POLLS_UNTIL_UNREADY = 3;

const SERIES_DROPPED =
  'there are more series than --metrics.max-series: the rest is left out; raise it, or export fewer collectors or labels';

const encoder = new TextEncoder();

export interface ScrapeParts {
  readonly config: Config;
  readonly poller: Poller;
  readonly registry: SelfRegistry;
  readonly files: KernelFiles;
  readonly host: Host;
  readonly discovery: Pick<Discovery, 'dockerHost'>;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monotonicSeconds'>;
  /** Ends with the first attempt to find the containers; a scrape before that would say that there are none. */
  readonly discovered: Promise<void>;
}

/** Answers scrapes: one snapshot each, containers first, then the daemon's own metrics. */
export function createScrapeSource({
  config,
  poller,
  registry,
  files,
  host,
  discovery,
  logger,
  clock,
  discovered,
}: ScrapeParts): ScrapeSource {
  const groups = new Set<string>(config.collectors);
  const metrics = CONTAINER_METRICS.filter(metric => groups.has(metric.group));
  const labels = {
    exports: (label: string) => config.containerLabels.some(glob => glob.test(label)),
    maximumLength: config.containerLabelMaxLengthBytes,
  };
  const maximumSeries = config.metricsMaxSeries;
  const changes = logOnChange(logger);
  const recordHost = hostRecorder(registry);
  const renderers: Record<ExpositionFormat, Renderer> = {
    text: new Renderer(metrics, { format: 'text', labels, maximumSeries }),
    openmetrics: new Renderer(metrics, { format: 'openmetrics', labels, maximumSeries }),
  };

  async function* body(snapshot: Snapshot, { format, collectors }: ScrapeRequest): AsyncGenerator<Block> {
    const ageSeconds = poller.ageSeconds();
    const count = { rendered: 0, dropped: 0 };
    // What is kept compressed is sent without a pause, so that nothing else would leave the event loop its turns.
    yield* sliced(renderers[format].render(snapshot.containers, collectors, count), () =>
      clock.monotonicSeconds(),
    );
    registry.set('confined_series', {}, count.rendered);
    registry.add('confined_series_dropped_total', {}, count.dropped);
    if (count.dropped === 0) changes.recovered('series', 'all series fit into --metrics.max-series again');
    else changes.failing('series', SERIES_DROPPED, { rendered: count.rendered, dropped: count.dropped });
    registry.set('confined_snapshot_age_seconds', {}, ageSeconds);
    registry.set('confined_file_descriptors_held', {}, files.held);
    recordHost(host.facts, discovery.dockerHost, poller.unmanagedNamespaces);
    yield textBlock(encoder.encode(await registry.render(format)));
  }

  return {
    collectorNames: [...new Set(metrics.map(metric => metric.group))],
    async scrape(request) {
      await discovered;
      return body(await snapshotInTime(poller, config.pollMaxAgeSeconds, request), request);
    },
    readiness: () => readiness(poller.ageSeconds(), config.pollIntervalSeconds),
  };
}

/** Whether a label is worth keeping: exported, or shown by `container_info`. */
export function keepsLabel(config: Pick<Config, 'containerLabels'>): (label: string) => boolean {
  return label =>
    label === COMPOSE_PROJECT_LABEL ||
    label === COMPOSE_SERVICE_LABEL ||
    config.containerLabels.some(glob => glob.test(label));
}

/** A fresh snapshot, or the latest one where a fresh one would come after Prometheus has given up. */
async function snapshotInTime(
  poller: Poller,
  maxAgeSeconds: number,
  { timeoutSeconds }: ScrapeRequest,
): Promise<Snapshot> {
  const fresh = poller.snapshot(maxAgeSeconds);
  const { latest } = poller;
  if (timeoutSeconds === undefined || latest === undefined) return fresh;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<Snapshot>(resolve => {
    timer = setTimeout(() => resolve(latest), timeoutSeconds * 1000 * SHARE_OF_TIMEOUT);
  });
  return Promise.race([fresh, expired]).finally(() => clearTimeout(timer));
}

function readiness(ageSeconds: number, intervalSeconds: number): { ready: boolean; reason: string } {
  if (ageSeconds === Infinity) return { ready: false, reason: 'The first poll has not ended yet.' };
  const ready = ageSeconds <= intervalSeconds * POLLS_UNTIL_UNREADY;
  const age = `The latest values are ${ageSeconds.toFixed(1)} s old`;
  return {
    ready,
    reason: ready
      ? `${age}.`
      : `${age}; a poll was due every ${intervalSeconds} s. The log says why none ended.`,
  };
}
