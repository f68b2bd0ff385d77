import type { ContainerSample } from '../src/model/sample.js';

const READ_BY_EVERY_POLL = ['cpu', 'memory', 'blkio', 'pressure', 'tasks', 'network'] as const;

/**
 * The samples as a later poll would find them if every number that it reads had changed, which is more than happens to any
 * container. What is known of the container itself and of its confinement is the same objects, as the poller keeps them.
 */
export function changed(samples: readonly ContainerSample[], by: number): readonly ContainerSample[] {
  return samples.map(sample => ({
    ...sample,
    sampledAtSeconds: added(sample.sampledAtSeconds, by),
    ...Object.fromEntries(READ_BY_EVERY_POLL.map(part => [part, added(sample[part], by)])),
  }));
}

function added<Value>(value: Value, by: number): Value;
function added(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value + by;
  if (Array.isArray(value)) return value.map(one => added(one, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, added(one, by)]));
}
