import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import type { Recording } from './recording.js';

const BETWEEN_FILES = ['cgroup.procs', 'cgroup.controllers', 'cgroup.subtree_control'];

/**
 * The cgroups of these containers with everything below them, the root of each hierarchy, and of the
 * directories in between only who is in them. Returns the processes of each container.
 */
export function recordCgroups(
  recording: Recording,
  containerIds: readonly string[],
): Map<string, Set<number>> {
  const processes = new Map(containerIds.map(id => [id, new Set<number>()]));
  recordAliases(recording);
  for (const mountPoint of hierarchies()) {
    recordFiles(recording, mountPoint);
    for (const { path, id } of containerDirectories(mountPoint, containerIds)) {
      recordBetween(recording, mountPoint, path);
      recordTree(recording, path, processes.get(id) ?? new Set());
    }
  }
  return processes;
}

/** Mount points of cgroup file systems, relative to the root of the host. */
function hierarchies(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter(line => / - cgroup2? /.test(line))
    .map(line => (line.split(' ')[4] ?? '').slice(1))
    .filter(path => path.startsWith('sys/fs/cgroup'));
}

/** `cpu -> cpu,cpuacct` and the like on cgroup v1. */
function recordAliases(recording: Recording): void {
  for (const name of recording.list('sys/fs/cgroup')) {
    if (lstatSync(`/sys/fs/cgroup/${name}`).isSymbolicLink()) recording.symlink(`sys/fs/cgroup/${name}`);
  }
}

function* containerDirectories(
  directory: string,
  ids: readonly string[],
): Generator<{ path: string; id: string }> {
  for (const name of subdirectories(directory)) {
    const path = `${directory}/${name}`;
    const id = ids.find(id => name.includes(id));
    if (id === undefined) yield* containerDirectories(path, ids);
    else yield { path, id };
  }
}

function recordBetween(recording: Recording, mountPoint: string, path: string): void {
  const steps = path.slice(mountPoint.length + 1).split('/');
  for (let depth = 1; depth < steps.length; depth++) {
    const directory = `${mountPoint}/${steps.slice(0, depth).join('/')}`;
    for (const name of BETWEEN_FILES) recording.file(`${directory}/${name}`);
  }
}

function recordTree(recording: Recording, directory: string, pids: Set<number>): void {
  recordFiles(recording, directory);
  for (const pid of readPids(`/${directory}/cgroup.procs`)) pids.add(pid);
  for (const name of subdirectories(directory)) recordTree(recording, `${directory}/${name}`, pids);
}

function recordFiles(recording: Recording, directory: string): void {
  for (const name of recording.list(directory)) recording.file(`${directory}/${name}`);
}

function readPids(path: string): number[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function subdirectories(directory: string): string[] {
  return readdirSync(`/${directory}`, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .toSorted();
}
