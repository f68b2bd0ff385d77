import { boolean } from './kinds.js';
import type { Option } from './option.js';

/** What can be collected, each with its switch `--collector.<name>`. */
export const COLLECTORS = [
  {
    name: 'identity',
    default: 'true',
    help: 'Export what each container is and how its life goes: info, state, start time, restarts, health.',
  },
  {
    name: 'cpu',
    default: 'true',
    help: 'Export CPU time, throttling and CPU limits.',
  },
  {
    name: 'memory',
    default: 'true',
    help: 'Export memory use, memory limits, reclaim and out-of-memory kills.',
  },
  {
    name: 'blkio',
    default: 'true',
    help: 'Export bytes and operations read from and written to each block device.',
  },
  {
    name: 'network',
    default: 'true',
    help: 'Export bytes, packets, drops and errors of each network interface.',
  },
  {
    name: 'processes',
    default: 'true',
    help: 'Export counts of processes, threads, file descriptors and sockets.',
  },
  {
    name: 'pressure',
    default: 'true',
    help: 'Export the time lost waiting for CPU, memory and I/O, on kernels with pressure stall information.',
  },
  {
    name: 'confinement',
    default: 'true',
    help: 'Export what the kernel enforces: seccomp, capabilities, AppArmor or SELinux, namespaces, users, mounts.',
  },
  {
    name: 'root',
    default: 'true',
    help: 'Export the root cgroup, which is the whole host, as the container with id="/".',
  },
  {
    name: 'percpu',
    default: 'false',
    help: 'Export CPU time for each CPU apart, which only cgroup v1 tells.',
  },
  {
    name: 'disk',
    default: 'false',
    help: 'Export the size of each writable layer, which is slow to measure.',
  },
] as const;

export type CollectorName = (typeof COLLECTORS)[number]['name'];

/** The switches of {@link COLLECTORS}. */
export const COLLECTOR_OPTIONS: readonly Option[] = COLLECTORS.map(collector => ({
  name: collectorOption(collector.name),
  group: 'Collectors',
  kind: boolean(),
  default: collector.default,
  help: collector.help,
}));

/** The name of a collector's switch. */
export function collectorOption(name: CollectorName): `collector.${CollectorName}` {
  return `collector.${name}`;
}
