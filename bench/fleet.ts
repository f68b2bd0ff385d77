import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import type { Container } from '../src/discover/container.js';
import type { Hierarchy } from '../src/locate/hierarchies.js';
import { Helper } from './helper.js';
import type { Load } from './options.js';

/** With the number of the container behind it, the start of a container's id. */
const ID_PREFIX = 'c0ffee';

const DIRECTORY_PREFIX = 'confined-bench-';
/** What confined reads of; a process is moved in no other hierarchy. */
const CONTROLLERS = new Set(['cpu', 'cpuacct', 'memory', 'blkio', 'pids']);
const REMOVAL_ATTEMPTS = 500;

/** Containers as far as the kernel can tell: cgroups with processes. */
export class Fleet {
  readonly containers: Container[] = [];
  private readonly count: number;
  private readonly processesEach: number;
  private readonly parents: readonly string[];
  private readonly processes: Helper;

  /** Nothing is made before {@link start}. */
  constructor(
    count: number,
    processProgram: string,
    hierarchies: readonly Hierarchy[],
    processesEach = 1,
    load: Load = 'idle',
  ) {
    this.count = count;
    this.processesEach = processesEach;
    this.parents = hierarchies
      .filter(({ version, controllers }) => version === 2 || controllers.some(c => CONTROLLERS.has(c)))
      .map(({ directory }) => `${directory}/${DIRECTORY_PREFIX}${process.pid}`);
    this.processes = new Helper(processProgram, String(count * processesEach), load);
  }

  /** Makes the cgroups in every hierarchy that confined reads. */
  async start(): Promise<void> {
    for (const parent of this.parents) makeParent(parent);
    while (this.containers.length < this.count) {
      const pids = [];
      while (pids.length < this.processesEach) pids.push(Number(await this.processes.line()));
      this.containers.push(startContainer(this.containers.length, pids, this.parents));
    }
  }

  /** Ends the processes and removes the cgroups; does nothing more the second time. */
  remove(): void {
    this.processes.kill();
    for (const parent of this.parents) removeCgroups(parent);
  }
}

/** Removes what an earlier run left that was killed. */
export function removeLeftovers(hierarchies: readonly Hierarchy[]): void {
  for (const { directory } of hierarchies)
    for (const name of readdirSync(directory)) {
      const pid = name.startsWith(DIRECTORY_PREFIX) ? name.slice(DIRECTORY_PREFIX.length) : undefined;
      if (pid !== undefined && !runs(Number(pid))) removeCgroups(`${directory}/${name}`);
    }
}

function makeParent(directory: string): void {
  mkdirSync(directory);
  // On a host with cgroup v2 alone, a cgroup has the controllers that those above it pass on.
  const available = readText(`${directory}/cgroup.controllers`).trim().split(/\s+/);
  for (const controller of available)
    if (controller !== '') writeFileSync(`${directory}/cgroup.subtree_control`, `+${controller}`);
}

function startContainer(index: number, pids: readonly number[], parents: readonly string[]): Container {
  const id = `${ID_PREFIX}${index.toString(16).padStart(4, '0')}`.padEnd(64, '0123456789abcdef');
  for (const parent of parents) {
    mkdirSync(`${parent}/${id}`);
    for (const pid of pids) writeFileSync(`${parent}/${id}/cgroup.procs`, String(pid));
  }
  const project = `project-${index % 20}`;
  const service = `service-${index}`;
  return {
    id,
    pid: pids[0] ?? 0,
    name: `${project}-${service}-1`,
    image: `registry.example.com/team/${service}:1.4.2`,
    imageId: `sha256:${id}`,
    labels: new Map([
      ['com.docker.compose.project', project],
      ['com.docker.compose.service', service],
    ]),
    state: 'running',
    createdAtSeconds: 1_700_000_000 + index,
    startedAtSeconds: 1_700_000_001 + index,
    restarts: 0,
    configuration: { runtime: 'runc', restartPolicy: 'always', networkMode: 'bridge' },
    source: 'docker',
  };
}

function removeCgroups(parent: string): void {
  for (const name of directoriesIn(parent)) removeCgroup(`${parent}/${name}`);
  removeCgroup(parent);
}

/** A cgroup can be removed when the kernel is done with its processes, which takes a moment after their end. */
function removeCgroup(directory: string): void {
  for (let attempt = 0; attempt < REMOVAL_ATTEMPTS; attempt++)
    try {
      rmdirSync(directory);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
}

function directoriesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
