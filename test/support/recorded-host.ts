import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DockerReplies, type ReplayDockerApi, replayDockerApi } from './replay-docker-api.js';
import { unpackTtar } from './unpack-ttar.js';

const HOSTS = fileURLToPath(new URL('../hosts/', import.meta.url));

/** A real host as it was at one moment: its kernel files in a directory, its Docker API on a socket. */
export interface RecordedHost {
  readonly name: string;
  /** `test/hosts/<name>`, where `expected.prom` belongs. */
  readonly directory: string;
  /** Temporary directory that stands for `/` of the host; also for `--path.rootfs`. */
  readonly root: string;
  readonly rootfs: string;
  readonly procfs: string;
  readonly sysfs: string;
  readonly cgroupfs: string;
  readonly dockerSocket: string;
  readonly docker: ReplayDockerApi;
  /** Unix time at which the files were read. */
  readonly recordedAtSeconds: number;
  readonly bootedAtSeconds: number;
  /** Kernel release, as `uname -r` says it. */
  readonly kernel: string;
  /** errno by path pattern: what the recording process could not read on the host. */
  readonly unreadable: Readonly<Record<string, string>>;
  readonly truth: HostTruth;
  readonly close: () => Promise<void>;
}

/** What other programs said about the same host at the same time. */
export interface HostTruth {
  /** Rows of `docker stats --no-stream`, in its own words ("644KiB / 64MiB"). */
  readonly dockerStats: readonly DockerStatsRow[];
  /** `GET /containers/{id}/stats?stream=false&one-shot=true` by container id: raw counters. */
  readonly dockerStatsApi: Readonly<Record<string, unknown>>;
  /** What `capsh --decode` makes of the masks of each process of a container. */
  readonly capabilities: readonly DecodedCapabilities[];
}

export interface DockerStatsRow {
  readonly ID: string;
  readonly Name: string;
  readonly CPUPerc: string;
  readonly MemUsage: string;
  readonly MemPerc: string;
  readonly NetIO: string;
  readonly BlockIO: string;
  readonly PIDs: string;
}

export interface DecodedCapabilities {
  readonly pid: number;
  readonly set: 'CapEff' | 'CapBnd';
  /** Hexadecimal, with 0x. */
  readonly mask: string;
  /** In lower case, as capsh prints them: `cap_chown`. */
  readonly names: readonly string[];
}

/** Directory names below `test/hosts` that hold a recorded host, sorted. */
export function recordedHostNames(): string[] {
  return readdirSync(HOSTS)
    .filter(name => existsSync(join(HOSTS, name, 'host.ttar')))
    .toSorted();
}

/** Unpacks a recorded host and starts its Docker API. The caller closes it. */
export async function openRecordedHost(name: string): Promise<RecordedHost> {
  const directory = join(HOSTS, name);
  const temporary = await mkdtemp(join(tmpdir(), 'confined-host-'));
  const root = join(temporary, 'root');
  unpackTtar(await readFile(join(directory, 'host.ttar')), root);
  const replies = (await readJson(join(directory, 'docker.json'))) as DockerReplies;
  const docker = await replayDockerApi(join(temporary, 'docker.sock'), replies);
  const close = async () => {
    await docker.close();
    await rm(temporary, { recursive: true, force: true });
  };
  return {
    name,
    directory,
    root,
    rootfs: root,
    procfs: join(root, 'proc'),
    sysfs: join(root, 'sys'),
    cgroupfs: join(root, 'sys/fs/cgroup'),
    dockerSocket: docker.socketPath,
    docker,
    ...((await readJson(join(directory, 'host.json'))) as HostFacts),
    truth: await readTruth(join(directory, 'truth')),
    close,
  };
}

type HostFacts = Pick<RecordedHost, 'recordedAtSeconds' | 'bootedAtSeconds' | 'kernel' | 'unreadable'>;

async function readTruth(directory: string): Promise<HostTruth> {
  const rows = await readLines(join(directory, 'docker-stats.json'));
  const capsh = await readLines(join(directory, 'capsh.txt'));
  return {
    dockerStats: rows.map(row => JSON.parse(row) as DockerStatsRow),
    dockerStatsApi: (await readJson(join(directory, 'docker-stats-api.json'))) as Record<string, unknown>,
    capabilities: capsh.map(decodedCapabilities),
  };
}

/** `23551 CapEff 0x00000000a80425fb=cap_chown,…` */
function decodedCapabilities(line: string): DecodedCapabilities {
  const match = /^(\d+) (CapEff|CapBnd) (0x[0-9a-f]+)=(.*)$/.exec(line);
  if (match === null) throw new Error(`not a line of capsh.txt: ${line}`);
  const [, pid, set, mask = '', names = ''] = match;
  return {
    pid: Number(pid),
    set: set as DecodedCapabilities['set'],
    mask,
    names: names.split(',').filter(Boolean),
  };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function readLines(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter(Boolean);
}
