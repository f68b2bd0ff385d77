import { isDeepStrictEqual } from 'node:util';
import type { Hierarchy } from '../locate/hierarchies.js';
import { hierarchiesOfListing, hierarchiesOfMounts } from '../locate/hierarchies.js';
import type { MountInfo } from '../parse/mountinfo.js';
import type { HostNames } from '../model/section.js';
import { parseHostStat } from '../parse/host-stat.js';
import { parseMeminfo } from '../parse/meminfo.js';
import type { Meminfo } from '../parse/meminfo.js';
import { parseMountinfo } from '../parse/mountinfo.js';
import { parseNamespaceLink } from '../parse/namespace-link.js';
import { parsePartitions } from '../parse/partitions.js';
import { listDirectory, readLink } from '../read/files.js';
import { failureOf } from '../read/kernel-file.js';
import type { KernelFiles } from '../read/kernel-file.js';
import { NO_HOST_CONFINEMENT, readHostConfinement } from './confinement/host-confinement.js';
import type { HostConfinement } from './confinement/host-confinement.js';
import type { PollReporter } from './reporter.js';

/** What is known of the host itself; each part absent where it could not be read. */
export interface HostFacts {
  /** Of the host's first process. */
  readonly mounts: readonly MountInfo[];
  readonly hierarchies: readonly Hierarchy[];
  readonly cpuCores: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly bootedAtSeconds: number | undefined;
  readonly confinement: HostConfinement;
}

/** Reads the host's own facts, in the slow tier. */
export class Host implements HostNames {
  facts: HostFacts = {
    mounts: [],
    hierarchies: [],
    cpuCores: undefined,
    memoryBytes: undefined,
    bootedAtSeconds: undefined,
    confinement: NO_HOST_CONFINEMENT,
  };
  #devices: ReadonlyMap<string, string> = new Map();

  readonly #paths: { readonly procfs: string; readonly cgroupfs: string; readonly rootfs: string };
  readonly #files: KernelFiles;
  readonly #reporter: PollReporter;

  constructor(
    paths: { readonly procfs: string; readonly cgroupfs: string; readonly rootfs: string },
    files: KernelFiles,
    reporter: PollReporter,
  ) {
    this.#paths = paths;
    this.#files = files;
    this.#reporter = reporter;
  }

  refresh(): void {
    const stat = this.#read('stat', parseHostStat);
    const partitions = this.#read('partitions', parsePartitions) ?? [];
    this.#devices = new Map(
      partitions.map(({ major, minor, name }) => [`${major}:${minor}`, `/dev/${name}`]),
    );
    const mounts = this.#readMounts();
    this.facts = {
      mounts,
      hierarchies: this.#findHierarchies(mounts),
      cpuCores: stat?.onlineCpus,
      memoryBytes: this.readMeminfo()?.memTotalBytes,
      bootedAtSeconds: stat?.bootedAtSeconds,
      confinement: this.#readConfinement(),
    };
  }

  /** The host's memory at this moment. */
  readMeminfo(): Meminfo | undefined {
    return this.#read('meminfo', parseMeminfo);
  }

  deviceName(major: number, minor: number): string {
    const number = `${major}:${minor}`;
    return this.#devices.get(number) ?? number;
  }

  /** The same object as before where nothing has changed. */
  #readMounts(): readonly MountInfo[] {
    const now =
      this.#read('1/mountinfo', parseMountinfo) ?? this.#read('self/mountinfo', parseMountinfo) ?? [];
    return isDeepStrictEqual(this.facts.mounts, now) ? this.facts.mounts : now;
  }

  /** The same object as before where nothing has changed, so that what is made of it can be kept. */
  #readConfinement(): HostConfinement {
    const now = readHostConfinement(this.#paths, this.#files);
    const { confinement: before } = this.facts;
    return isDeepStrictEqual(before, now) ? before : now;
  }

  #findHierarchies(mounts: readonly MountInfo[]): readonly Hierarchy[] {
    const { cgroupfs } = this.#paths;
    const found = hierarchiesOfMounts(mounts, cgroupfs);
    if (found.length > 0) return found;
    try {
      const names = listDirectory(cgroupfs, 1024).map(entry => entry.name);
      return hierarchiesOfListing(names, cgroupfs);
    } catch {
      return [];
    }
  }

  #read<Value>(file: string, parse: (bytes: Uint8Array, length: number) => Value): Value | undefined {
    const path = `${this.#paths.procfs}/${file}`;
    const length = this.#files.readOnce(path);
    if (length < 0) {
      this.#reporter.readFailed('host', file, failureOf(length), path);
      return undefined;
    }
    try {
      return parse(this.#files.bytes, length);
    } catch (error) {
      this.#reporter.parseFailed('host', file, error instanceof Error ? error.message : String(error), path);
      return undefined;
    }
  }
}

/** The inode of a process's namespace (namespaces(7)); absent where this process may not see it. */
export function namespaceInode(procfs: string, pid: number, kind: string): number | undefined {
  try {
    return parseNamespaceLink(readLink(`${procfs}/${pid}/ns/${kind}`)).inode;
  } catch {
    return undefined;
  }
}
