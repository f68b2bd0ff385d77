import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ConfinementSampler } from '../../../src/poll/confinement/confinement-sampler.js';
import type { LookContext, OwnConfinement } from '../../../src/poll/confinement/confinement-sampler.js';
import type { Container } from '../../../src/discover/container.js';
import type { HostConfinement } from '../../../src/poll/confinement/host-confinement.js';
import { ProcessList } from '../../../src/poll/process-list.js';
import { KernelFiles } from '../../../src/read/kernel-file.js';
import { mountsOf } from '../../model/confinement/support.js';
import { freshDirectory } from '../../serve/support.js';
import { container } from '../../support/container.js';
import { recordingReporter } from '../support.js';
import { finish, hostConfinement, removeProcess, writeProcess } from './support.js';
import type { FakeProcess } from './support.js';

export const CONTAINER = container({ id: 'a'.repeat(64), pid: 10, startedAtSeconds: 1 });
const CGROUP = `0::/system.slice/docker-${CONTAINER.id}.scope\n`;
const MOUNTINFO = '700 650 0:49 / / ro,relatime - overlay overlay rw\n';
const HOST_MOUNTS = '22 1 254:1 / / rw - ext4 /dev/vda1 rw';

export interface ContainerOptions {
  readonly firstPid?: number | undefined;
  readonly held?: number;
  readonly hostMounts?: string;
}

type LookArguments = [container: Container, slow: boolean, context: LookContext];

export interface ContainerScene {
  readonly procfs: string;
  /** Its `cgroup.procs`. */
  readonly listing: string;
  readonly files: KernelFiles;
  readonly sampler: ConfinementSampler;
  readonly reports: string[];
  /** A whole look, a minute after the one before or so many seconds. */
  readonly look: (slow?: boolean, laterSeconds?: number) => OwnConfinement;
  /** What the next look is called with, for a test that takes its steps one by one. */
  readonly nextLook: () => LookArguments;
  /** Starts a process, or makes another of it under the same pid. */
  readonly start: (pid: number, of?: FakeProcess) => void;
  readonly end: (pid: number) => void;
  /** Says what the cgroup lists, whatever processes there are. */
  readonly listed: (pids: readonly number[]) => void;
  readonly host: (of: Partial<HostConfinement>) => void;
}

/** A container whose processes are files that a test can change. */
export function openContainer(
  t: Test,
  processes: Readonly<Record<number, FakeProcess>>,
  options: ContainerOptions = {},
): ContainerScene {
  const { held = 1000, hostMounts = HOST_MOUNTS } = options;
  const root = freshDirectory(t);
  const [procfs, cgroup] = [join(root, 'proc'), join(root, 'cgroup')];
  const listing = join(cgroup, 'cgroup.procs');
  mkdirSync(cgroup, { recursive: true });
  const reports: string[] = [];
  const reporter = recordingReporter(reports);
  const files = new KernelFiles(held);
  const list = new ProcessList({ path: '/x', controllers: new Map(), unified: cgroup }, files, reporter);
  const firstPid = 'firstPid' in options ? options.firstPid : 10;
  const sampler = new ConfinementSampler(list, firstPid, { procfs, files, reporter });
  t.teardown(() => sampler.close());
  const pids = new Set<number>();
  let host = hostConfinement();
  let monotonicSeconds = 0;
  const context = (laterSeconds = 60): LookContext => ({
    monotonicSeconds: (monotonicSeconds += laterSeconds),
    host,
    hostPaths: { mounts: mountsOf(hostMounts), containerSockets: [], dockerRoot: undefined },
    containerIds: new Set([CONTAINER.id, 'b'.repeat(64)]),
    kernelHas: () => false,
  });
  const look = (slow = false, laterSeconds = 60): OwnConfinement => {
    finish(sampler.look(CONTAINER, slow, context(laterSeconds)));
    if (sampler.own === undefined) throw new Error('nothing was seen');
    return sampler.own;
  };
  const scene: ContainerScene = {
    procfs,
    listing,
    files,
    sampler,
    reports,
    look,
    nextLook: () => [CONTAINER, false, context()],
    start(pid, of = {}) {
      const files = { cgroup: CGROUP, mountinfo: MOUNTINFO, ...of.files };
      writeProcess(procfs, pid, { ...of, files });
      scene.listed([...pids.add(pid)]);
    },
    end(pid) {
      removeProcess(procfs, pid);
      pids.delete(pid);
      scene.listed([...pids]);
    },
    listed: all => writeFileSync(listing, all.map(pid => `${pid}\n`).join('')),
    host: of => void (host = hostConfinement(of)),
  };
  for (const [pid, of] of Object.entries(processes)) scene.start(Number(pid), of);
  return scene;
}
