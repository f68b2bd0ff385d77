import type { ContainerSample } from '../sample.js';

/** What the kernel lets a container use; `Infinity` where it sets no limit, absent where that was not read. */
export interface Limits {
  /** In bytes. */
  readonly memory: number | undefined;
  /** In cores. */
  readonly cpu: number | undefined;
  /** In threads. */
  readonly pids: number | undefined;
}

/** The limits among what was read of a container. */
export function limitsOf({ cpu, memory, tasks }: Pick<ContainerSample, 'cpu' | 'memory' | 'tasks'>): Limits {
  const quota = cpu?.quotaMicroseconds;
  const period = cpu?.periodMicroseconds;
  return {
    memory: memory?.limitBytes,
    cpu: quota === undefined || period === undefined ? undefined : quota / period,
    pids: tasks?.threadsMax,
  };
}
