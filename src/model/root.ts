import type { Meminfo } from '../parse/meminfo.js';
import { workingSetBytes } from './memory.js';
import type { MemorySample, NetworkSample } from './sample.js';

/**
 * Interfaces that only lead to containers, whose traffic would count twice; cAdvisor leaves out the same. A name
 * counts for nothing inside a container, where anybody may choose it.
 */
const CONTAINER_INTERFACES = /^(veth|docker|nerdctl)/;

/** The host's own interfaces. */
export function hostInterfaces(network: NetworkSample): NetworkSample {
  return { interfaces: network.interfaces.filter(device => !CONTAINER_INTERFACES.test(device.interface)) };
}

/**
 * Memory of the whole host. The root of cgroup v2 has no usage of its own, so that comes from /proc/meminfo, by the
 * formula of runc and cAdvisor: all that is not free.
 */
export function hostMemory(memory: MemorySample, meminfo: Meminfo | undefined): MemorySample {
  if (memory.usageBytes !== undefined || meminfo === undefined) return memory;
  const usageBytes = difference(meminfo.memTotalBytes, meminfo.memFreeBytes);
  return {
    ...memory,
    usageBytes,
    workingSetBytes: workingSetBytes(usageBytes, memory.inactiveFileBytes),
    swapBytes: difference(meminfo.swapTotalBytes, meminfo.swapFreeBytes),
  };
}

function difference(total: number | undefined, free: number | undefined): number | undefined {
  return total === undefined || free === undefined ? undefined : total - free;
}
