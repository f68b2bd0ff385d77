import type { HostNames, NamedSource, Section, Source } from '../model/section.js';
import { ParseError } from '../parse/scan.js';
import { failureOf } from '../read/kernel-file.js';
import type { Hold, KernelFile, KernelFiles } from '../read/kernel-file.js';
import type { Collector, PollReporter } from './reporter.js';

/**
 * Reads and parses the files of one section of one container, poll after poll. The one place where a file's failure
 * is caught: it costs that value, is counted, and leaves everything else.
 */
export class SectionReader<Sample> {
  /** Whether the last read found that the process or cgroup has ended. */
  gone = false;
  /** Of each of the section's sources; undefined where this host has no such directory. */
  private readonly sourceFiles: readonly (KernelFile | undefined)[];
  private readonly readings: Record<string, unknown>;

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
    this.sourceFiles = section.sources.map(({ source }) => {
      const directory = directories.get(source.directory);
      if (directory === undefined) return undefined;
      return files.open(`${directory}/${source.file}`, holdOf(source));
    });
    this.readings = Object.fromEntries(section.sources.map(({ name }) => [name, undefined]));
  }

  /** One sample from what can be read now; `slow` says whether the slow tier's turn has come. */
  read(slow: boolean): Sample {
    this.gone = false;
    let present = 0;
    const { sources } = this.section;
    for (let index = 0; index < sources.length; index += 1) {
      const named = sources[index];
      const file = this.sourceFiles[index];
      if (named === undefined || file === undefined) continue;
      const { name, source } = named;
      let value = this.readings[name];
      if (slow) file.retry();
      if (slow || (source.tier === 'poll' && source.standsStill?.(this.readings) !== true))
        this.readings[name] = value = this.readSource(named, file, value);
      if (value !== undefined) present += 1;
    }
    if (present === 0 && !this.gone) this.reporter.nothingRead(this.collector);
    return this.section.assemble(this.readings, this.host);
  }

  /** Whether some file is not held open, and may be another's by the next read. */
  get reopens(): boolean {
    return this.sourceFiles.some(file => file?.reopens === true);
  }

  close(): void {
    for (const file of this.sourceFiles) file?.close();
  }

  private readSource({ source }: NamedSource, file: KernelFile, previous: unknown): unknown {
    const length = file.read();
    if (length < 0) {
      const failure = failureOf(length);
      if (failure === 'gone') this.gone = true;
      this.reporter.readFailed(this.collector, source.file, failure, file.path);
      return undefined;
    }
    try {
      return source.parse(this.files.bytes, length, previous);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.reporter.parseFailed(this.collector, source.file, error.message, file.path);
      return undefined;
    }
  }
}

/** The kernel keeps more memory for a held file than opening it once a minute is worth. */
function holdOf({ directory, tier }: Source<unknown>): Hold {
  if (tier === 'slow') return 'never';
  return directory === 'process' ? 'first' : 'rest';
}
