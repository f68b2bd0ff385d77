import type { Container, ContainerConfiguration, ContainerHealth, ContainerState } from './container.js';
import { CONTAINER_STATES, HEALTH_STATUSES } from './container.js';
import type { Reply } from './reply-value.js';
import { containerId, flag, integer, labels, nested, positive } from './reply-value.js';
import { present, reply, text, texts, timestamp } from './reply-value.js';

/** What `GET /containers/{id}/json` tells, before discovery decides what of it is shown. */
export interface InspectedContainer {
  /** Without `restarts`: the runtime forgets its own count, so the inventory keeps one. */
  readonly container: Container;
  /** Restarts by the restart policy since the last start by hand. */
  readonly restartCount: number;
  /** All of them, to decide what is shown; they may hold secrets and are not kept. */
  readonly allLabels: ReadonlyMap<string, string>;
}

/**
 * `GET /containers/{id}/json`, API 1.24 and later; of its labels the container keeps those that
 * `keepLabel` passes. Throws DockerError.
 */
export function parseInspect(value: unknown, keepLabel: (name: string) => boolean): InspectedContainer {
  const inspect = reply(value, 'a container');
  const id = containerId(inspect['Id']);
  const config = nested(inspect, 'Config');
  const allLabels = labels(config, 'Labels');
  return {
    container: {
      id,
      name: visibleName([text(inspect, 'Name') ?? '']) ?? shortId(id),
      image: text(config, 'Image') ?? '',
      labels: new Map([...allLabels].filter(([name]) => keepLabel(name))),
      source: 'docker',
      configuration: parseConfiguration(inspect, config),
      ...present({ imageId: text(inspect, 'Image'), createdAtSeconds: timestamp(inspect, 'Created') }),
      ...parseLife(reply(inspect['State'], 'the state of a container')),
    },
    restartCount: Math.max(0, integer(inspect, 'RestartCount') ?? 0),
    allLabels,
  };
}

/** The size of the writable layer in an inspect reply that was asked for sizes. Throws DockerError. */
export function parseLayerSize(value: unknown): number | undefined {
  return integer(reply(value, 'a container'), 'SizeRw');
}

/** Names come with a leading slash; one with a second slash is an alias that a link made. */
export function visibleName(names: readonly string[]): string | undefined {
  const name = names.find(candidate => candidate.lastIndexOf('/') <= 0)?.replace(/^\//, '');
  return name === '' ? undefined : name;
}

/** As `docker ps` prints it. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

/** Podman has states of its own; one that nobody knows is told from the flags. */
export function parseState(status: string | undefined, state: Reply): ContainerState {
  const known = CONTAINER_STATES.find(name => name === status) ?? PODMAN_STATES[status ?? ''];
  if (known !== undefined) {
    return known;
  }
  if (state['Paused'] === true) {
    return 'paused';
  }
  return state['Running'] === true ? 'running' : 'exited';
}

const PODMAN_STATES: Readonly<Record<string, ContainerState>> = {
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
};

type Life = Pick<
  Container,
  'state' | 'pid' | 'startedAtSeconds' | 'finishedAtSeconds' | 'exitCode' | 'oomKilled' | 'health'
>;

/** At a start Docker writes 0 over the exit code of the last run, so a container that runs has none to tell. */
function parseLife(reported: Reply): Life {
  const state = parseState(text(reported, 'Status'), reported);
  const finishedAtSeconds = timestamp(reported, 'FinishedAt');
  const runs = state === 'running' || state === 'paused';
  const oomKilled = flag(reported, 'OOMKilled');
  return {
    state,
    health: parseHealth(nested(reported, 'Health')),
    ...present({
      pid: positive(reported, 'Pid'),
      startedAtSeconds: timestamp(reported, 'StartedAt'),
      finishedAtSeconds,
      exitCode: runs || finishedAtSeconds === undefined ? undefined : integer(reported, 'ExitCode'),
      oomKilled: runs && oomKilled === false ? undefined : oomKilled,
    }),
  };
}

/** Docker leaves Health out where there is no check; Podman sends one with an empty status. */
function parseHealth(health: Reply): ContainerHealth {
  const status = HEALTH_STATUSES.find(name => name === text(health, 'Status')) ?? 'none';
  return { status, failingStreak: Math.max(0, integer(health, 'FailingStreak') ?? 0) };
}

function parseConfiguration(inspect: Reply, config: Reply): ContainerConfiguration {
  const host = nested(inspect, 'HostConfig');
  return {
    capAdd: texts(host, 'CapAdd'),
    capDrop: texts(host, 'CapDrop'),
    securityOptions: texts(host, 'SecurityOpt').map(shortenProfile),
    ...present({
      runtime: text(host, 'Runtime'),
      restartPolicy: text(nested(host, 'RestartPolicy'), 'Name'),
      networkMode: text(host, 'NetworkMode'),
      pidMode: text(host, 'PidMode'),
      ipcMode: text(host, 'IpcMode'),
      utsMode: text(host, 'UTSMode'),
      usernsMode: text(host, 'UsernsMode'),
      cgroupnsMode: text(host, 'CgroupnsMode'),
      cgroupParent: text(host, 'CgroupParent'),
      privileged: flag(host, 'Privileged'),
      readonlyRootfs: flag(host, 'ReadonlyRootfs'),
      user: text(config, 'User'),
      appArmorProfile: text(inspect, 'AppArmorProfile'),
      maskedPaths: Array.isArray(host['MaskedPaths']) ? texts(host, 'MaskedPaths') : undefined,
      readonlyPaths: Array.isArray(host['ReadonlyPaths']) ? texts(host, 'ReadonlyPaths') : undefined,
      memoryLimitBytes: positive(host, 'Memory'),
      cpuLimitCores: parseCpuLimit(host),
      pidsLimit: positive(host, 'PidsLimit'),
    }),
  };
}

/** `--security-opt seccomp=file` arrives with the whole profile in place of the file's name. */
function shortenProfile(option: string): string {
  return /^seccomp[=:]\s*\{/.test(option) ? 'seccomp=custom' : option;
}

/** From `--cpus`, else `--cpu-quota` over its period (100 ms by default). */
function parseCpuLimit(host: Reply): number | undefined {
  const nanoCpus = positive(host, 'NanoCpus');
  if (nanoCpus !== undefined) {
    return nanoCpus / 1e9;
  }
  const quota = positive(host, 'CpuQuota');
  return quota === undefined ? undefined : quota / (positive(host, 'CpuPeriod') ?? 100_000);
}
