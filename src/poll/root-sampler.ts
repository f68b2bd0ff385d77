import { locateByPath } from '../locate/locate.js';
import type { CgroupLocation } from '../locate/locate.js';
import { hostInterfaces, hostMemory } from '../model/root.js';
import type { ContainerSample } from '../model/sample.js';
import type { CollectorTimings } from './collector-timings.js';
import { ContainerSampler } from './container-sampler.js';
import type { SamplerOptions, Turn } from './container-sampler.js';
import type { Host } from './host.js';
import type { PollReporter } from './reporter.js';
import type { ReadContext } from './section-set.js';

/** The pid of the host's first process, whose network namespace is the host's. */
const FIRST_PROCESS = 1;

/** Opens the sampler of the root cgroup; undefined on a host without cgroups. */
export function openRootSampler(
  context: ReadContext & { readonly host: Host },
  options: SamplerOptions,
): RootSampler | undefined {
  const location = locateByPath('/', context.host.facts.hierarchies);
  return location && new RootSampler(context, options, location);
}

/** Reads the root cgroup, which is the whole host, as cAdvisor's container `/`. */
export class RootSampler {
  readonly #host: Host;
  readonly #sampler: ContainerSampler;

  constructor(
    context: ReadContext & { readonly host: Host },
    options: SamplerOptions,
    location: CgroupLocation,
  ) {
    const collectors = new Set(options.collectors);
    // The host's processes are no container's.
    collectors.delete('confinement');
    collectors.delete('processes');
    // The root cgroup lacks most files on every kernel: that is no failure of a collector.
    const reporter = quietAboutNothing(context.reporter);
    this.#host = context.host;
    this.#sampler = new ContainerSampler(
      { ...context, reporter },
      { ...options, collectors },
      location,
      FIRST_PROCESS,
      undefined,
    );
  }

  sample(turn: Omit<Turn, 'countsNetwork' | 'disk'>, timings: CollectorTimings): ContainerSample {
    const sample = this.#sampler.sample(
      undefined,
      { ...turn, disk: undefined, countsNetwork: true },
      timings,
    );
    return {
      ...sample,
      memory: sample.memory && hostMemory(sample.memory, this.#host.readMeminfo()),
      network: sample.network && hostInterfaces(sample.network),
    };
  }

  close(): void {
    this.#sampler.close();
  }
}

function quietAboutNothing(reporter: PollReporter): PollReporter {
  return {
    readFailed: (...failure) => reporter.readFailed(...failure),
    parseFailed: (...failure) => reporter.parseFailed(...failure),
    cgroupNotFound: container => reporter.cgroupNotFound(container),
    processNotFound: container => reporter.processNotFound(container),
    unverified: () => undefined,
    nothingRead: () => undefined,
  };
}
