import type { CgroupLocation } from '../locate/locate.js';
import { parseProcessIds } from '../parse/process-list.js';
import { ParseError } from '../parse/scan.js';
import { cgroupsBelow } from '../read/cgroup-tree.js';
import { failureOf } from '../read/kernel-file.js';
import type { KernelFile, KernelFiles } from '../read/kernel-file.js';
import type { PollReporter } from './reporter.js';

/** A container that makes more cgroups of its own than this has the rest unread: then the list is absent. */
const MAXIMUM_CGROUPS = 512;
const LIST = 'cgroup.procs';

/** Lists the processes of a container's cgroup and of the cgroups below it (`cgroup.procs`). */
export class ProcessList {
  /** Whether the last read found that the cgroup itself is no more. */
  ended = false;
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

  /**
   * The pids, as this process sees them: 0 is a process in another pid namespace, which it does not see. Absent where
   * some list could not be read. `findCgroups` looks for cgroups that were made since the last time.
   */
  read(findCgroups: boolean): readonly number[] | undefined {
    if (findCgroups || this.lists.length === 0) this.findCgroups();
    const pids: number[] = [];
    this.ended = false;
    for (const list of this.lists) {
      const length = list.read();
      if (length < 0) {
        const failure = failureOf(length);
        this.ended = list === this.lists[0] && (failure === 'gone' || failure === 'missing');
        this.reporter.readFailed('processes', LIST, failure, list.path);
        return undefined;
      }
      try {
        for (const pid of parseProcessIds(this.files.bytes, length)) pids.push(pid);
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        this.reporter.parseFailed('processes', LIST, error.message, list.path);
        return undefined;
      }
    }
    return this.complete ? pids : undefined;
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
