import { readlinkSync } from 'node:fs';
import { pino } from 'pino';
import { COLLECTORS } from '../src/config/collectors.js';
import type { CollectorName } from '../src/config/collectors.js';
import { systemClock } from '../src/discover/clock.js';
import type { Container } from '../src/discover/container.js';
import { createSelfRegistry } from '../src/metrics/registry.js';
import { DOCKER_DEFAULT_CAPABILITIES } from '../src/model/capabilities.js';
import type { ContainerSample } from '../src/model/sample.js';
import { PollRecorder } from '../src/observe/poll.js';
import { Host } from '../src/poll/host.js';
import { Poller } from '../src/poll/poller.js';
import { KernelFiles } from '../src/read/kernel-file.js';
import { Helper } from './helper.js';
import { cpuMilliseconds, median } from './statistics.js';

const ROUNDS = 15;
/** Containers read in one round: long enough for the clock, short enough that Node and C see the same machine. */
const READS_PER_ROUND = 2000;
const WARM_UP_READS = 15_000;
/** A new process is read as a whole for this long. */
export const SETTLING_MILLISECONDS = 3500;
const EMPTY_POLLS = 300;
const NEVER = 1e9;

/** The root cgroup is one, whatever the number of containers, so it is left out of what one container costs. */
export const BENCH_COLLECTORS: ReadonlySet<CollectorName> = new Set(
  COLLECTORS.filter(collector => collector.default === 'true' && collector.name !== 'root').map(c => c.name),
);

export interface PollFigures {
  /** CPU time per container and poll, all threads, garbage collection included, without that of a poll as such. */
  readonly microseconds: number;
  /** The C program's, over the same files in the same rounds. */
  readonly floorMicroseconds: number;
  readonly ratio: number;
  /** With every file of the slow tier read, too. */
  readonly slowMicroseconds: number;
  readonly filesPerContainer: number;
  readonly held: number;
  readonly samples: readonly ContainerSample[];
}

/** CPU time, in microseconds, of a poll that finds no container: it lists the machine's processes and looks at new ones. */
export async function measureEmptyPoll(): Promise<number> {
  const poller = pollerOf([], new KernelFiles(0), NEVER);
  const pollRound = async (): Promise<number> => (await cpuOfPolls(poller, EMPTY_POLLS)) / EMPTY_POLLS;
  await pollRound();
  await new Promise(resolve => setTimeout(resolve, SETTLING_MILLISECONDS));
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await pollRound());
  await poller.close();
  return median(rounds) * 1000;
}

/**
 * Measures the real poller over real kernel files, and a C program that reads the very same files.
 * @param emptyMicroseconds what {@link measureEmptyPoll} found.
 */
export async function measurePoll(
  containers: readonly Container[],
  heldFiles: number,
  floorProgram: string,
  emptyMicroseconds: number,
): Promise<PollFigures> {
  const paths = await filesOfOnePoll(containers, heldFiles);
  const floor = new Helper(floorProgram, String(heldFiles));
  const files = new KernelFiles(heldFiles);
  const poller = pollerOf(containers, files, NEVER);
  try {
    floor.send(`${paths.join('\n')}\n\n`);
    const polls = Math.ceil(READS_PER_ROUND / containers.length);
    const perContainer = 1000 / (polls * containers.length);
    const emptyShare = emptyMicroseconds / containers.length;
    const pollRound = async (): Promise<number> =>
      (await cpuOfPolls(poller, polls)) * perContainer - emptyShare;
    const floorRound = async (): Promise<number> => {
      floor.send(`${polls}\n`);
      return (Number(await floor.line()) / 1e6) * perContainer;
    };
    for (let reads = 0; reads < WARM_UP_READS; reads += READS_PER_ROUND) await pollRound();
    await floorRound();
    await new Promise(resolve => setTimeout(resolve, SETTLING_MILLISECONDS));
    await pollRound();
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [ours, least] = [await pollRound(), await floorRound()];
      rounds.push({ ours, least, ratio: ours / least });
    }
    const { containers: samples } = await poller.snapshot(NEVER);
    return {
      microseconds: median(rounds.map(({ ours }) => ours)),
      floorMicroseconds: median(rounds.map(({ least }) => least)),
      ratio: median(rounds.map(({ ratio }) => ratio)),
      slowMicroseconds: await measureSlowTier(containers, heldFiles),
      filesPerContainer: paths.length / containers.length,
      held: files.held,
      samples,
    };
  } finally {
    floor.kill();
    await poller.close();
  }
}

/** What a container costs when all of its files are read in each poll. */
async function measureSlowTier(containers: readonly Container[], heldFiles: number): Promise<number> {
  const poller = pollerOf(containers, new KernelFiles(heldFiles), 0);
  const polls = Math.ceil(READS_PER_ROUND / containers.length);
  const rounds = [];
  for (let round = 0; round < 4; round++) rounds.push(await cpuOfPolls(poller, polls));
  await poller.close();
  return (median(rounds.slice(1)) * 1000) / (polls * containers.length);
}

/** CPU time of all threads, in milliseconds. */
export async function cpuOfPolls(poller: Poller, polls: number): Promise<number> {
  const begun = process.cpuUsage();
  for (let poll = 0; poll < polls; poll++) await poller.snapshot(0);
  return cpuMilliseconds(begun);
}

/** The files that a poll between two turns of the slow tier reads, in its order: what the poller itself asked for. */
async function filesOfOnePoll(
  containers: readonly Container[],
  heldFiles: number,
): Promise<readonly string[]> {
  const files = new RecordedFiles(heldFiles);
  const poller = pollerOf(containers, files, NEVER);
  // The first two read the slow tier, too.
  for (let poll = 0; poll < 2; poll++) await poller.snapshot(0);
  files.paths.clear();
  await poller.snapshot(0);
  await poller.close();
  return [...files.paths];
}

class RecordedFiles extends KernelFiles {
  readonly paths = new Set<string>();

  override readDescriptor(descriptor: number, partialFrom: number): number {
    this.paths.add(readlinkSync(`/proc/self/fd/${descriptor}`));
    return super.readDescriptor(descriptor, partialFrom);
  }
}

/** A poller over these containers as the daemon makes it. */
export function pollerOf(
  containers: readonly Container[],
  files: KernelFiles,
  slowIntervalSeconds: number,
  collectors: ReadonlySet<CollectorName> = BENCH_COLLECTORS,
): Poller {
  const registry = createSelfRegistry({ defaultMetrics: false });
  const observer = new PollRecorder(registry, collectors, pino({ level: 'silent' }));
  const host = new Host({ procfs: '/proc', cgroupfs: '/sys/fs/cgroup', rootfs: '' }, files, observer);
  return new Poller(
    { host, files, reporter: observer },
    {
      procfs: '/proc',
      collectors,
      slowIntervalSeconds,
      root: false,
      rootfs: '',
      capabilityBaseline: DOCKER_DEFAULT_CAPABILITIES,
    },
    {
      containers: () => containers,
      cgroupDriver: 'cgroupfs',
      storageDirectory: undefined,
      writableLayerBytes: () => undefined,
      current: true,
      securityOptions: undefined,
      runtimeSocket: undefined,
      knows: () => true,
    },
    systemClock,
    observer,
  );
}
