import type { CollectorName } from '../src/config/collectors.js';
import type { Container } from '../src/discover/container.js';
import { KernelFiles } from '../src/read/kernel-file.js';
import { cpuOfPolls, pollerOf, SETTLING_MILLISECONDS } from './poll.js';
import { median } from './statistics.js';

/** As many as the target is for. */
export const POSTURE_CONTAINERS = 200;
export const POSTURE_PROCESSES_EACH = 5;

const ROUNDS = 9;
const POLLS_PER_ROUND = 3;
const WARM_UP_POLLS = 15;
const NEVER = 1e9;
const COLLECTORS: ReadonlySet<CollectorName> = new Set(['confinement']);

export interface PostureFigures {
  /** CPU time per process and poll, all threads, with everything read: status, label, namespaces, root, user map. */
  readonly wholeMicroseconds: number;
  /** The same between two turns of the slow tier: status and label. */
  readonly microseconds: number;
  readonly held: number;
}

/** Measures the look at all processes of all containers, and at all processes of the host outside of them. */
export async function measurePosture(
  containers: readonly Container[],
  heldFiles: number,
): Promise<PostureFigures> {
  const whole = await measure(containers, heldFiles, 0);
  const between = await measure(containers, heldFiles, NEVER);
  return { wholeMicroseconds: whole.microseconds, ...between };
}

async function measure(
  containers: readonly Container[],
  heldFiles: number,
  slowIntervalSeconds: number,
): Promise<Pick<PostureFigures, 'microseconds' | 'held'>> {
  const files = new KernelFiles(heldFiles);
  const poller = pollerOf(containers, files, slowIntervalSeconds, COLLECTORS);
  try {
    await cpuOfPolls(poller, WARM_UP_POLLS);
    await new Promise(resolve => setTimeout(resolve, SETTLING_MILLISECONDS));
    await cpuOfPolls(poller, WARM_UP_POLLS);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await cpuOfPolls(poller, POLLS_PER_ROUND));
    const processes = containers.length * POSTURE_PROCESSES_EACH;
    return { microseconds: (median(rounds) * 1000) / (POLLS_PER_ROUND * processes), held: files.held };
  } finally {
    await poller.close();
  }
}
