import { join } from 'node:path';
import type { Test } from 'tap';
import { COLLECTORS } from '../../src/config/collectors.js';
import type { CollectorName } from '../../src/config/collectors.js';
import type { Container } from '../../src/discover/container.js';
import type { ContainerSample, Snapshot } from '../../src/model/sample.js';
import { Host } from '../../src/poll/host.js';
import { Poller } from '../../src/poll/poller.js';
import type { Inventory, PollObserver, PollerOptions } from '../../src/poll/poller.js';
import type { PollReporter } from '../../src/poll/reporter.js';
import { KernelFiles } from '../../src/read/kernel-file.js';
import { openRecordedHost } from '../support/recorded-host.js';
import type { RecordedHost } from '../support/recorded-host.js';

/** A poller on a recorded host, whose containers and time are the test's to say. */
export interface Scene {
  readonly host: RecordedHost;
  readonly files: KernelFiles;
  readonly facts: Host;
  readonly poller: Poller;
  /** What discovery says at the next poll. */
  readonly inventory: { -readonly [Key in keyof Inventory]: Inventory[Key] } & { list: Container[] };
  /** Monotonic time, and what each look at the clock adds to it. */
  readonly time: { seconds: number; perLook: number };
  /** Everything that was reported, as `method file-or-container reason`. */
  readonly reports: string[];
  /** A fresh snapshot, a second after the one before. */
  poll(): Promise<Snapshot>;
  named(name: string): Container;
}

export async function openScene(
  t: Test,
  hostName: string,
  options: Partial<PollerOptions> & { readonly heldFiles?: number } = {},
): Promise<Scene> {
  const host = await openRecordedHost(hostName);
  t.teardown(() => host.close());
  const reports: string[] = [];
  const files = new KernelFiles(options.heldFiles ?? 4096);
  const reporter = recordingReporter(reports);
  const facts = new Host(host, files, reporter);
  const list = containersOf(host);
  const scene = {
    host,
    files,
    facts,
    reports,
    time: { seconds: 1000, perLook: 0 },
    inventory: {
      list,
      containers: () => scene.inventory.list,
      cgroupDriver: 'systemd' as string | undefined,
      storageDirectory: undefined,
      writableLayerBytes: () => undefined,
      current: true,
      securityOptions: undefined,
      runtimeSocket: undefined,
      knows: (id: string) => scene.inventory.list.some(one => one.id === id),
    },
    async poll() {
      scene.time.seconds += 1;
      return poller.snapshot(0);
    },
    named: (name: string) => found(scene.inventory.list.find(container => container.name === name)),
  };
  const poller = new Poller(
    { files, host: facts, reporter },
    {
      procfs: host.procfs,
      rootfs: host.rootfs,
      collectors: new Set<CollectorName>(COLLECTORS.map(({ name }) => name)),
      slowIntervalSeconds: 60,
      root: false,
      capabilityBaseline: 0xa80425fbn,
      ...options,
    },
    scene.inventory,
    {
      nowSeconds: () => host.recordedAtSeconds,
      monotonicSeconds: () => (scene.time.seconds += scene.time.perLook),
    },
    reporter,
  );
  t.teardown(() => poller.close());
  return Object.assign(scene, { poller });
}

/** The cgroup of a container on a host with cgroup v2 and systemd. */
export function cgroupOf(scene: Scene, name: string): string {
  return join(scene.host.cgroupfs, `system.slice/docker-${scene.named(name).id}.scope`);
}

/** The sample of a container by its name. */
export function sampleNamed(snapshot: Snapshot, name: string): ContainerSample {
  return found(snapshot.containers.find(({ container }) => container?.name === name));
}

export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not found');
  return value;
}

/** Notes what is reported, as `method what reason`. */
export function recordingReporter(reports: string[]): PollReporter & PollObserver {
  return {
    readFailed: (collector, file, failure) => void reports.push(`readFailed ${collector} ${file} ${failure}`),
    parseFailed: (collector, file) => void reports.push(`parseFailed ${collector} ${file}`),
    cgroupNotFound: ({ name }) => void reports.push(`cgroupNotFound ${name}`),
    processNotFound: ({ name }) => void reports.push(`processNotFound ${name}`),
    unverified: ({ name }, controls) =>
      void reports.push(`unverified ${name} ${[...controls.keys()].join()}`),
    nothingRead: collector => void reports.push(`nothingRead ${collector}`),
    containerFailed: ({ name }, error) => void reports.push(`containerFailed ${name} ${String(error)}`),
    polled: () => void reports.push('polled'),
    hostRead: () => undefined,
  };
}

interface InspectReply {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Image: string };
  readonly HostConfig: { readonly NetworkMode: string; readonly CgroupParent: string };
  readonly State: { readonly Status: Container['state']; readonly Pid: number; readonly StartedAt: string };
}

/** The containers of the recorded Docker API. */
function containersOf(host: RecordedHost): Container[] {
  return (Object.values(host.docker.replies.inspect) as InspectReply[]).map(
    ({ Id, Name, Config, HostConfig, State }) => ({
      id: Id,
      name: Name.replace(/^\//, ''),
      image: Config.Image,
      labels: new Map(),
      state: State.Status,
      startedAtSeconds: Date.parse(State.StartedAt) / 1000,
      configuration: { networkMode: HostConfig.NetworkMode, cgroupParent: HostConfig.CgroupParent },
      source: 'docker',
      ...started(State.Pid),
    }),
  );
}

/** Docker says 0 where nothing runs. */
function started(pid: number): Pick<Container, 'pid'> {
  return pid > 0 ? { pid } : {};
}
