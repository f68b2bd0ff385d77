import type { BlkioCount, BlkioDevice, BlkioSample } from './sample.js';
import type { HostNames } from './section.js';

/** One counter of one device: how both cgroup versions tell block I/O. */
export interface BlkioCounter {
  readonly major: number;
  readonly minor: number;
  readonly operation: string;
  readonly value: number;
}

/** Joins counters of bytes and of operations by device. */
export function devicesOf(
  bytes: readonly BlkioCounter[],
  operations: readonly BlkioCounter[],
  host: HostNames,
): BlkioSample {
  const devices = new Map<string, BlkioDevice & { bytes: BlkioCount[]; operations: BlkioCount[] }>();
  for (const [kind, counters] of [
    ['bytes', bytes],
    ['operations', operations],
  ] as const)
    for (const { major, minor, operation, value } of counters) {
      const key = `${major}:${minor}`;
      let device = devices.get(key);
      if (device === undefined) {
        device = { device: host.deviceName(major, minor), major, minor, bytes: [], operations: [] };
        devices.set(key, device);
      }
      device[kind].push({ operation, count: value });
    }
  return { devices: [...devices.values()] };
}
