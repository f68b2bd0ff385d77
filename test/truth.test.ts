import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { clockOf, flagsFor, startTestDaemon } from './support/daemon.js';
import type { Exposition } from './support/exposition.js';
import { openRecordedHost, recordedHostNames } from './support/recorded-host.js';
import type { RecordedHost } from './support/recorded-host.js';

/** A reply of Docker's `GET /containers/{id}/stats`, as far as it is compared. */
interface DockerStats {
  readonly pids_stats: { readonly current?: number };
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
  readonly blkio_stats: {
    readonly io_service_bytes_recursive: readonly { readonly op: string; readonly value: number }[] | null;
  };
  readonly networks?: Readonly<
    Record<string, { rx_bytes: number; rx_packets: number; tx_bytes: number; tx_packets: number }>
  >;
}

interface RunningContainer {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  readonly networkMode: string;
  readonly stats: DockerStats | undefined;
}

/**
 * The recorded containers sleep, and files and API were read within seconds: gauges are to be equal. A counter may have
 * moved until the runtime was asked: by a few packets of IPv6's neighbour discovery, by the CPU time of a health check.
 */
const LATER_BYTES = 2000;
const LATER_PACKETS = 20;
const LATER_CPU_SECONDS = 0.5;

for (const name of recordedHostNames())
  t.test(`${name}: the exposition says what other programs said`, async t => {
    const host = await openRecordedHost(name);
    t.teardown(() => host.close());
    const daemon = await startTestDaemon(flagsFor(host), { clock: clockOf(host) });
    t.teardown(() => daemon.stop());
    const exposition = await daemon.scrape();
    const containers = runningContainers(host);
    t.ok(containers.length > 0);
    for (const container of containers) {
      compareWithDocker(t, exposition, container);
      compareWithFiles(t, exposition, container, host);
      compareWithCapsh(t, exposition, container, host);
    }
  });

function compareWithDocker(t: Test, exposition: Exposition, container: RunningContainer): void {
  const { name, stats } = container;
  if (stats === undefined) throw new Error(`${name} was not recorded`);
  t.equal(exposition.value('container_threads', { name }), stats.pids_stats.current, `${name} threads`);
  compareMemory(t, exposition, name, stats.memory_stats);
  within(
    t,
    exposition.value('container_cpu_usage_seconds_total', { name }),
    stats.cpu_stats.cpu_usage.total_usage / 1e9,
    LATER_CPU_SECONDS,
    `${name} CPU time`,
  );
  for (const operation of ['Read', 'Write']) {
    const counts: readonly { op: string; value: number }[] = (
      stats.blkio_stats.io_service_bytes_recursive ?? []
    ).filter(({ op }) => op.toLowerCase() === operation.toLowerCase());
    const ours = exposition.values('container_blkio_device_usage_total', { name, operation });
    t.equal(sum(ours), sum(counts.map(({ value }) => value)), `${name} block I/O, ${operation}`);
  }
  compareNetworks(t, exposition, container);
}

/** The formula of `docker stats`; podman has no `stats` and counts something else as usage. */
function compareMemory(
  t: Test,
  exposition: Exposition,
  name: string,
  { usage, stats }: DockerStats['memory_stats'],
): void {
  const inactive = stats?.['total_inactive_file'] ?? stats?.['inactive_file'];
  if (usage === undefined || inactive === undefined) return;
  t.equal(exposition.value('container_memory_usage_bytes', { name }), usage, `${name} memory`);
  t.equal(
    exposition.value('container_memory_working_set_bytes', { name }),
    usage - inactive,
    `${name} working set`,
  );
  const anonymous = stats?.['total_rss'] ?? stats?.['anon'];
  t.equal(exposition.value('container_memory_rss', { name }), anonymous, `${name} anonymous memory`);
  const cache = stats?.['total_cache'] ?? stats?.['file'];
  t.equal(exposition.value('container_memory_cache', { name }), cache, `${name} page cache`);
}

function compareNetworks(t: Test, exposition: Exposition, container: RunningContainer): void {
  const { name, networkMode, stats } = container;
  const ours = exposition.values('container_network_receive_bytes_total', { name });
  if (/^(host|none|container:.*)$/.test(networkMode)) {
    t.strictSame(ours, [], `${name} has no network of its own`);
    return;
  }
  const networks = Object.entries(stats?.networks ?? {});
  t.equal(ours.length, networks.length, `${name} has as many interfaces`);
  for (const [device, theirs] of networks) {
    const value = (metric: string): number =>
      exposition.value(`container_network_${metric}_total`, { name, interface: device });
    within(t, value('receive_bytes'), theirs.rx_bytes, LATER_BYTES, `${name} ${device} bytes received`);
    within(t, value('transmit_bytes'), theirs.tx_bytes, LATER_BYTES, `${name} ${device} bytes sent`);
    within(
      t,
      value('receive_packets'),
      theirs.rx_packets,
      LATER_PACKETS,
      `${name} ${device} packets received`,
    );
    within(t, value('transmit_packets'), theirs.tx_packets, LATER_PACKETS, `${name} ${device} packets sent`);
  }
}

/** The kernel's own files, read here with nothing of the exporter. */
function compareWithFiles(
  t: Test,
  exposition: Exposition,
  { id, name, pid }: RunningContainer,
  host: RecordedHost,
): void {
  const status = readFileSync(join(host.procfs, String(pid), 'status'), 'utf8');
  const field = (key: string): number => Number(new RegExp(`^${key}:\\t(\\d+)$`, 'm').exec(status)?.[1]);
  t.equal(
    exposition.value('container_seccomp_mode', { name, scope: 'init' }),
    field('Seccomp'),
    `${name} seccomp`,
  );
  t.equal(
    exposition.value('container_no_new_privileges', { name, scope: 'init' }),
    field('NoNewPrivs'),
    `${name} no new privileges`,
  );
  const memory = cgroupDirectory(host, pid, id, 'memory');
  const usage = existsSync(join(memory, 'memory.current')) ? 'memory.current' : 'memory.usage_in_bytes';
  t.equal(
    exposition.value('container_memory_usage_bytes', { name }),
    Number(readFileSync(join(memory, usage), 'utf8')),
    `${name} ${usage}`,
  );
  const limit = existsSync(join(memory, 'memory.max')) ? 'memory.max' : 'memory.limit_in_bytes';
  const limitText = readFileSync(join(memory, limit), 'utf8').trim();
  const unlimited = ['max', '9223372036854771712'].includes(limitText);
  t.equal(
    exposition.value('container_spec_memory_limit_bytes', { name }),
    unlimited ? 0 : Number(limitText),
    `${name} ${limit}`,
  );
  t.equal(
    exposition.value('container_limit_unset', { name, resource: 'memory' }),
    Number(unlimited),
    `${name} has a memory limit or none`,
  );
  const pids = cgroupDirectory(host, pid, id, 'pids');
  t.equal(
    exposition.value('container_threads', { name }),
    Number(readFileSync(join(pids, 'pids.current'), 'utf8')),
    `${name} pids.current`,
  );
  t.equal(exposition.value('container_processes', { name }), processesBelow(pids), `${name} cgroup.procs`);
}

/** The container's directory in the hierarchy of a v1 controller, or in the v2 one. */
function cgroupDirectory(host: RecordedHost, pid: number, id: string, controller: string): string {
  const lines = readFileSync(join(host.procfs, String(pid), 'cgroup'), 'utf8').split('\n');
  const version1 = lines.find(line => line.split(':')[1]?.split(',').includes(controller));
  const path = (version1 ?? lines.find(line => line.startsWith('0::')) ?? '').split(':').slice(2).join(':');
  const own = path.slice(0, path.indexOf(id) + id.length) + (/\.scope/.exec(path)?.[0] ?? '');
  return join(host.cgroupfs, version1 === undefined ? '' : (version1.split(':')[1] ?? ''), own);
}

function processesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('cgroup.procs'))
    .map(path => readFileSync(join(directory, path), 'utf8').split('\n').filter(Boolean).length)
    .reduce((total, count) => total + count, 0);
}

/** Docker's default set (moby, daemon/pkg/oci/caps/defaults.go). */
const DEFAULTS =
  'chown dac_override fsetid fowner mknod net_raw setgid setuid setfcap setpcap net_bind_service sys_chroot kill audit_write';
const DEFAULT_NAMES = new Set(DEFAULTS.split(' ').map(name => `cap_${name}`));
const SET_OF = { CapEff: 'effective', CapBnd: 'bounding' } as const;

function compareWithCapsh(
  t: Test,
  exposition: Exposition,
  { name, pid }: RunningContainer,
  { truth }: RecordedHost,
): void {
  const decoded = truth.capabilities.filter(one => one.pid === pid);
  t.equal(decoded.length, 2, `${name}: capsh decoded both sets`);
  for (const { set: field, names, mask } of decoded) {
    const labels = { name, set: SET_OF[field], scope: 'init' };
    t.equal(exposition.value('container_capabilities', labels), names.length, `${name} ${field}`);
    t.equal(exposition.value('container_capabilities_mask', labels), Number(mask), `${name} ${field} mask`);
    const extra = exposition.series
      .filter(one => one.name === 'container_capability_extra')
      .filter(one => Object.entries(labels).every(([key, value]) => one.labels[key] === value));
    t.strictSame(
      extra.map(one => one.labels['capability'] ?? '').toSorted(),
      names
        .filter(one => !DEFAULT_NAMES.has(one))
        .map(one => one.toUpperCase())
        .toSorted(),
      `${name} ${field} beyond Docker's default`,
    );
  }
}

interface InspectReply {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Pid: number };
  readonly HostConfig: { readonly NetworkMode: string };
}

function runningContainers({ docker, truth }: RecordedHost): RunningContainer[] {
  return (Object.values(docker.replies.inspect) as InspectReply[])
    .filter(({ State }) => State.Pid > 0)
    .map(({ Id, Name, State, HostConfig }) => ({
      id: Id,
      name: Name.replace(/^\//, ''),
      pid: State.Pid,
      networkMode: HostConfig.NetworkMode,
      stats: truth.dockerStatsApi[Id] as DockerStats | undefined,
    }));
}

/** Asserts that a counter which was read again later has moved by no more than that, and not back. */
function within(t: Test, ours: number, theirs: number, most: number, what: string): void {
  // A nanosecond for what seconds lose as doubles.
  t.ok(theirs >= ours - 1e-9 && theirs <= ours + most, `${what}: ${ours}, then ${theirs}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
