import type { CgroupLocation } from '../locate/locate.js';
import type { HostNames, Section } from '../model/section.js';
import type { KernelFiles } from '../read/kernel-file.js';
import { CGROUP_SECTIONS, PER_CPU_SECTION, PRESSURE_SECTION, PROCESS_SECTIONS } from '../sources.js';
import type { Collector, PollReporter } from './reporter.js';
import { SectionReader } from './section-reader.js';

type SampleOf<S> = S extends Section<infer Sample> ? Sample : never;
type CgroupSample<Name extends keyof typeof CGROUP_SECTIONS> = SampleOf<
  (typeof CGROUP_SECTIONS)[Name]['version1']
>;

const COLLECTOR_OF = { cpu: 'cpu', memory: 'memory', blkio: 'blkio', tasks: 'processes' } as const;

/** What reading needs that is the same for all containers. */
export interface ReadContext {
  readonly files: KernelFiles;
  readonly host: HostNames;
  readonly reporter: PollReporter;
}

/** Opens the readers of a container's sections on the cgroup version that each of its controllers has. */
export class SectionSet {
  readonly #directories: ReadonlyMap<string, string>;

  readonly #context: ReadContext;
  readonly #location: CgroupLocation | undefined;

  constructor(
    context: ReadContext,
    location: CgroupLocation | undefined,
    processDirectory: string | undefined,
  ) {
    this.#context = context;
    this.#location = location;
    const directories = new Map(location?.controllers);
    if (location?.unified !== undefined) directories.set('unified', location.unified);
    if (processDirectory !== undefined) directories.set('process', processDirectory);
    this.#directories = directories;
  }

  cgroup<Name extends keyof typeof CGROUP_SECTIONS>(
    name: Name,
  ): SectionReader<CgroupSample<Name>> | undefined {
    const { controller, version1, version2 } = CGROUP_SECTIONS[name];
    if (this.#location === undefined) return undefined;
    // Both versions of a part make the same sample.
    const section = (this.#location.controllers.has(controller) ? version1 : version2) as Section<
      CgroupSample<Name>
    >;
    return this.#reader(COLLECTOR_OF[name], section);
  }

  perCpu(): SectionReader<SampleOf<typeof PER_CPU_SECTION>> | undefined {
    return this.#location?.controllers.has('cpuacct') === true
      ? this.#reader('cpu', PER_CPU_SECTION)
      : undefined;
  }

  pressure(): SectionReader<SampleOf<typeof PRESSURE_SECTION>> | undefined {
    return this.#location?.unified === undefined ? undefined : this.#reader('pressure', PRESSURE_SECTION);
  }

  process<Name extends keyof typeof PROCESS_SECTIONS>(
    name: Name,
  ): SectionReader<SampleOf<(typeof PROCESS_SECTIONS)[Name]>> | undefined {
    const section = PROCESS_SECTIONS[name] as Section<SampleOf<(typeof PROCESS_SECTIONS)[Name]>>;
    return this.#directories.has('process') ? this.#reader(name, section) : undefined;
  }

  #reader<Sample>(collector: Collector, section: Section<Sample>): SectionReader<Sample> {
    const { files, host, reporter } = this.#context;
    return new SectionReader(collector, section, this.#directories, files, host, reporter);
  }
}
