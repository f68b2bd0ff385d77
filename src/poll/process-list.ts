import type { CgroupLocation } from '../locate/locate.js';
import { countProcesses, parseProcessIds } from '../parse/process-list.js';
import { ParseError } from '../parse/scan.js';
import { cgroupsBelow } from '../read/cgroup-tree.js';
import { failureOf } from '../read/kernel-file.js';
import type { KernelFile, KernelFiles } from '../read/kernel-file.js';
import type { PollReporter } from './reporter.js';

/** A container that makes more cgroups of its own than this has the rest uncounted: then the count is absent. */
const MAXIMUM_CGROUPS = 512;
const LIST = 'cgroup.procs';

/** Counts and lists the processes of a container's cgroup and of the cgroups below it (`cgroup.procs`). */
export class ProcessCounter {
  private readonly directory: string | undefined;
  private lists: KernelFile[] = [];
  private complete = false;

  private readonly files: KernelFiles;
  private readonly reporter: PollReporter;

  constructor(location: CgroupLocation, files: KernelFiles, reporter: PollReporter) {
    this.files = files;
    this.reporter = reporter;
    this.directory =
      location.unified ?? location.controllers.get('pids') ?? [...location.controllers.values()][0];
  }

  /** How many processes there are; absent where some list could not be read. */
  count(slow: boolean): number | undefined {
    if (slow) this.findCgroups();
    let count = 0;
    for (const list of this.lists) {
      const length = list.read();
      if (length < 0) {
        this.reporter.readFailed('processes', LIST, failureOf(length), list.path);
        return undefined;
      }
      try {
        count += countProcesses(this.files.bytes, length);
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        this.reporter.parseFailed('processes', LIST, error.message, list.path);
        return undefined;
      }
    }
    return this.complete ? count : undefined;
  }

  /** The processes' pids as this process sees them; throws a ParseError, which the count has told of already. */
  processIds(): number[] {
    return this.lists.flatMap(list => {
      const length = list.read();
      return length < 0 ? [] : parseProcessIds(this.files.bytes, length).filter(pid => pid > 0);
    });
  }

  close(): void {
    for (const list of this.lists) list.close();
    this.lists = [];
  }

  private findCgroups(): void {
    if (this.directory === undefined) return;
    const paths = cgroupsBelow(this.directory, MAXIMUM_CGROUPS).map(directory => `${directory}/${LIST}`);
    this.complete = paths.length < MAXIMUM_CGROUPS;
    if (paths.length === this.lists.length && paths.every((path, index) => path === this.lists[index]?.path))
      return;
    this.close();
    this.lists = paths.map(path => this.files.open(path));
  }
}
