import { setImmediate as turn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import type { ExpositionFormat } from '../src/metrics/exposition.js';
import { Renderer } from '../src/metrics/render.js';
import { CONTAINER_METRICS } from '../src/metrics/table.js';
import type { ContainerSample } from '../src/model/sample.js';
import { compressInto } from '../src/serve/send.js';
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

/** Measures the real renderer over samples of real containers. */
export async function measureRender(
  samples: readonly ContainerSample[],
  format: ExpositionFormat,
): Promise<RenderFigures> {
  const metrics = CONTAINER_METRICS.filter(metric => BENCH_COLLECTORS.has(metric.group));
  const labels = { exports: (label: string) => EXPORTED_LABELS.has(label), maximumLength: 1024 };
  const renderer = new Renderer(metrics, { format, labels, maximumSeries: 0 });
  const count = { rendered: 0, dropped: 0 };
  let bytes = 0;
  for (const chunk of renderer.render(samples, undefined, count)) bytes += chunk.length;
  const renderAll = (): void => {
    for (const chunk of renderer.render(samples, undefined, { rendered: 0, dropped: 0 })) void chunk;
  };
  let gzipBytes = 0;
  const compressAll = async (): Promise<void> => {
    gzipBytes = 0;
    const sink = new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        gzipBytes += chunk.length;
        done();
      },
    });
    const chunks = renderer.render(samples, undefined, { rendered: 0, dropped: 0 });
    await compressInto(chunks, sink);
  };
  const renderMilliseconds = await cpuOf(renderAll, WARM_UP_ROUNDS, ROUNDS);
  const gzipMilliseconds = await cpuOf(compressAll, 2, GZIP_ROUNDS);
  return { series: count.rendered, bytes, gzipBytes, renderMilliseconds, gzipMilliseconds };
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

async function cpuOf(work: () => void | Promise<void>, warmUp: number, rounds: number): Promise<number> {
  for (let round = 0; round < warmUp; round++) await work();
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    // The garbage of the last round is its own.
    await turn();
    const begun = process.cpuUsage();
    await work();
    measured.push(cpuMilliseconds(begun));
  }
  return median(measured);
}
