import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPFS = '/sys/fs/cgroup';

/** The value of a file, or of one key in it, in another unit where `per` says how many make one of the metric's. */
export interface KernelValue {
  readonly file: string;
  readonly key?: string;
  readonly per?: number;
}

/** What the kernel says of a running process's cgroups, through the programs that people use: cat, grep and wc. */
export class KernelFiles {
  readonly pid: number;
  readonly #memberships: readonly string[];

  constructor(pid: number) {
    this.pid = pid;
    this.#memberships = cat(`/proc/${pid}/cgroup`).trim().split('\n');
  }

  /** Whether a controller is in a cgroup v1 hierarchy here, or in the v2 one. */
  version(controller: string): 1 | 2 {
    return this.#membership(controller) === undefined ? 2 : 1;
  }

  /** The process's cgroup in the hierarchy that has the controller. */
  directory(controller: string): string {
    const [controllers, path] = this.#membership(controller) ?? ['unified', this.unifiedPath];
    const mounted = join(CGROUPFS, controllers);
    return join(existsSync(mounted) ? mounted : CGROUPFS, path);
  }

  get unifiedPath(): string {
    return this.#memberships.find(line => line.startsWith('0::'))?.slice('0::'.length) ?? '/';
  }

  /** A number from one of the cgroup's files; undefined where it is not there. */
  value(controller: string, { file, key, per = 1 }: KernelValue): number | undefined {
    const path = join(this.directory(controller), file);
    if (!existsSync(path)) return undefined;
    const line = key === undefined ? cat(path) : grep(`^${key} `, path).replace(`${key} `, '');
    return line.trim() === '' ? undefined : Number(line) / per;
  }

  /** Whether the kernel tells of any block device that the cgroup has used. */
  countsBlockDevices(): boolean {
    const file = this.version('blkio') === 1 ? 'blkio.throttle.io_service_bytes_recursive' : 'io.stat';
    const controller = this.version('blkio') === 1 ? 'blkio' : 'io';
    return /^\d+:\d+ /m.test(cat(join(this.directory(controller), file)));
  }

  /** The processes of the cgroup and those below it. */
  processes(controller: string): number {
    return Number(
      execFileSync('sh', [
        '-c',
        'find "$1" -name cgroup.procs -exec cat {} + | wc -l',
        'sh',
        this.directory(controller),
      ]),
    );
  }

  /** A field of `/proc/<pid>/status`. */
  status(field: string): string {
    return grep(`^${field}:`, `/proc/${this.pid}/status`)
      .slice(field.length + 1)
      .trim();
  }

  #membership(controller: string): readonly [string, string] | undefined {
    for (const line of this.#memberships) {
      const [, controllers = '', path = ''] = line.split(':');
      if (controllers.split(',').includes(controller)) return [controllers, path];
    }
    return undefined;
  }
}

export function cat(path: string): string {
  return execFileSync('cat', [path], { encoding: 'utf8' });
}

/** The names of the capabilities in a hexadecimal mask, as libcap knows them, in upper case and sorted. */
export function decodeCapabilities(mask: string): string[] {
  const decoded = execFileSync('capsh', [`--decode=${mask}`], { encoding: 'utf8' }).trim();
  const names = decoded.slice(decoded.indexOf('=') + 1);
  return names === '' ? [] : names.toUpperCase().split(',').toSorted();
}

function grep(pattern: string, path: string): string {
  return execFileSync('sh', ['-c', 'grep -- "$1" "$2" || true', 'sh', pattern, path], { encoding: 'utf8' });
}
