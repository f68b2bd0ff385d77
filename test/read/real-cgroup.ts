import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';

/** Directories in which a test may make cgroups of its own: a v1 hierarchy, and the v2 tree. */
const HIERARCHIES = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'];

/** A reason to skip a test that makes cgroups, where this process may not make any. */
export function withoutCgroups(): string | false {
  const directory = tryToMake('probe');
  if (directory === undefined) return 'this process may not make cgroups';
  rmdirSync(directory);
  return false;
}

/** A cgroup of the running kernel, removed after the test. */
export function makeCgroup(t: Test, name: string): string {
  const directory = tryToMake(name);
  if (directory === undefined) throw new Error('no cgroup could be made');
  t.teardown(() => removeCgroup(directory));
  return directory;
}

function tryToMake(name: string): string | undefined {
  for (const hierarchy of HIERARCHIES) {
    if (!existsSync(join(hierarchy, 'cgroup.procs'))) continue;
    const directory = join(hierarchy, `confined-test-${process.pid}-${name}`);
    try {
      mkdirSync(directory);
      return directory;
    } catch {
      // Read-only, or not ours: perhaps another one is.
    }
  }
  return undefined;
}

/** Removes an empty cgroup, also where it is gone already. */
export function removeCgroup(directory: string): void {
  if (existsSync(directory)) rmdirSync(directory);
}

/** Puts a process into a cgroup. */
export function moveProcess(directory: string, pid: number): void {
  writeFileSync(join(directory, 'cgroup.procs'), String(pid));
}
