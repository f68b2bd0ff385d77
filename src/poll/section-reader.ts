import type { HostNames, Section, Source } from '../model/section.js';
import { ParseError } from '../parse/scan.js';
import { failureOf } from '../read/kernel-file.js';
import type { KernelFile, KernelFiles } from '../read/kernel-file.js';
import type { Collector, PollReporter } from './reporter.js';

interface BoundSource {
  readonly name: string;
  readonly source: Source<unknown>;
  readonly file: KernelFile;
}

/**
 * Reads and parses the files of one section of one container, poll after poll. The one place where a file's failure
 * is caught: it costs that value, is counted, and leaves everything else.
 */
export class SectionReader<Sample> {
  /** Whether the last read found that the process or cgroup has ended. */
  gone = false;
  private readonly bound: readonly BoundSource[];
  private readonly readings: Record<string, unknown> = {};

  private readonly collector: Collector;
  private readonly section: Section<Sample>;
  private readonly files: KernelFiles;
  private readonly host: HostNames;
  private readonly reporter: PollReporter;

  constructor(
    collector: Collector,
    section: Section<Sample>,
    directories: ReadonlyMap<string, string>,
    files: KernelFiles,
    host: HostNames,
    reporter: PollReporter,
  ) {
    this.collector = collector;
    this.section = section;
    this.files = files;
    this.host = host;
    this.reporter = reporter;
    this.bound = Object.entries(section.sources).flatMap(([name, source]) => {
      const directory = directories.get(source.directory);
      return directory === undefined
        ? []
        : [{ name, source, file: files.open(`${directory}/${source.file}`) }];
    });
  }

  /** One sample from what can be read now; `slow` says whether the slow tier's turn has come. */
  read(slow: boolean): Sample {
    this.gone = false;
    let present = 0;
    for (const bound of this.bound) {
      if (slow) bound.file.retry();
      if (slow || bound.source.tier === 'poll') this.readings[bound.name] = this.readSource(bound);
      if (this.readings[bound.name] !== undefined) present += 1;
    }
    if (present === 0 && !this.gone) this.reporter.nothingRead(this.collector);
    return this.section.assemble(this.readings, this.host);
  }

  close(): void {
    for (const { file } of this.bound) file.close();
  }

  private readSource({ name, source, file }: BoundSource): unknown {
    const length = file.read();
    if (length < 0) {
      const failure = failureOf(length);
      if (failure === 'gone') this.gone = true;
      this.reporter.readFailed(this.collector, source.file, failure, file.path);
      return undefined;
    }
    try {
      return source.parse(this.files.bytes, length, this.readings[name]);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.reporter.parseFailed(this.collector, source.file, error.message, file.path);
      return undefined;
    }
  }
}
