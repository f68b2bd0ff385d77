import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { Block } from '../src/metrics/block.js';
import type { ExpositionFormat } from '../src/metrics/exposition.js';
import { Renderer } from '../src/metrics/render.js';
import { CONTAINER_METRICS } from '../src/metrics/table.js';
import type { ContainerSample } from '../src/model/sample.js';
import { GzipBodies } from '../src/serve/gzip-body.js';
import { plainBody } from '../src/serve/plain-body.js';
import { changed } from './changed-samples.js';
import { BENCH_COLLECTORS } from './poll.js';
import { cpuMilliseconds, median } from './statistics.js';

const ROUNDS = 21;
const WARM_UP_ROUNDS = 10;
const GZIP_ROUNDS = 9;
const EXPORTED_LABELS = new Set(['com.docker.compose.project', 'com.docker.compose.service']);

export interface RenderFigures {
  readonly series: number;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** CPU time of all threads. */
  readonly renderMilliseconds: number;
  /** Rendering and compressing, as the server does it. */
  readonly gzipMilliseconds: number;
}

/** Measures the real renderer over samples of real containers of which each number differs from the scrape before. */
export async function measureRender(
  samples: readonly ContainerSample[],
  format: ExpositionFormat,
): Promise<RenderFigures> {
  const metrics = CONTAINER_METRICS.filter(metric => BENCH_COLLECTORS.has(metric.group));
  const labels = { exports: (label: string) => EXPORTED_LABELS.has(label), maximumLength: 1024 };
  const renderer = new Renderer(metrics, { format, labels, maximumSeries: 0 });
  const gzip = new GzipBodies();
  const count = { rendered: 0, dropped: 0 };
  const turns = [samples, changed(samples, 1)];
  const blocks = (turn: number): Iterable<Block> => {
    count.rendered = 0;
    return renderer.render(turns[turn % turns.length] ?? samples, undefined, count);
  };
  const rendering = await measure(turn => plainBody(blocks(turn)), WARM_UP_ROUNDS, ROUNDS);
  const compressing = await measure(turn => gzip.compress(blocks(turn)), 2, GZIP_ROUNDS);
  return {
    series: count.rendered,
    bytes: rendering.bytes,
    gzipBytes: compressing.bytes,
    renderMilliseconds: rendering.milliseconds,
    gzipMilliseconds: compressing.milliseconds,
  };
}

/** Copies of the samples, each with a container of its own, until there are as many series as wanted. */
export function multiplied(samples: readonly ContainerSample[], times: number): readonly ContainerSample[] {
  return Array.from({ length: times }, (_, copy) =>
    samples.map((sample): ContainerSample => {
      if (sample.container === undefined) return sample;
      const id = copy.toString(16).padStart(4, '0') + sample.container.id.slice(4);
      const cgroupPath = sample.cgroupPath.replace(sample.container.id, id);
      return {
        ...sample,
        cgroupPath,
        container: { ...sample.container, id, name: `${sample.container.name}${copy}` },
      };
    }),
  ).flat();
}

/** CPU time of all threads that one body takes, and its size. */
async function measure(
  body: (turn: number) => AsyncIterable<Uint8Array>,
  warmUp: number,
  rounds: number,
): Promise<{ milliseconds: number; bytes: number }> {
  const measured: number[] = [];
  let bytes = 0;
  for (let round = -warmUp; round < rounds; round++) {
    // The garbage of the last round is its own.
    await turnOfEventLoop();
    const begun = process.cpuUsage();
    bytes = 0;
    for await (const chunk of body(round + warmUp)) bytes += chunk.length;
    if (round >= 0) measured.push(cpuMilliseconds(begun));
  }
  return { milliseconds: median(measured), bytes };
}
