import { Renderer } from '../../src/metrics/render.js';
import type { Metric } from '../../src/metrics/metric.js';
import type { ContainerSample, CpuSample, MemorySample } from '../../src/model/sample.js';
import { cpu2 } from '../../src/model/cgroup2/cpu.js';
import { memory2 } from '../../src/model/cgroup2/memory.js';
import { blocksText } from '../support/block-bytes.js';
import { parseExposition } from '../support/exposition.js';
import type { Exposition } from '../support/exposition.js';
import { sample } from '../support/sample.js';

/** What a scrape says of one container. */
export function expose(metrics: readonly Metric[], of: Partial<ContainerSample>): Exposition {
  const renderer = new Renderer(metrics, {
    format: 'text',
    labels: { exports: () => true, maximumLength: 1024 },
    maximumSeries: 0,
  });
  const rendering = renderer.render([sample(of)], undefined, { rendered: 0, dropped: 0 });
  return parseExposition(blocksText(rendering));
}

const HOST = { deviceName: () => '' };

/** CPU figures of which only these are known. */
export function cpu(of: Partial<CpuSample>): CpuSample {
  return { ...cpu2.assemble({}, HOST), ...of };
}

/** Memory figures of which only these are known. */
export function memory(of: Partial<MemorySample>): MemorySample {
  return { ...memory2.assemble({}, HOST), ...of };
}
