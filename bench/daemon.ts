import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from '../src/discover/container.js';
import { replayDockerApi } from '../test/support/replay-docker-api.js';
import { DaemonProcess } from './daemon-process.js';
import { dockerReplies } from './docker-replies.js';
import { median } from './statistics.js';

const POLLS = 60;
const SCRAPES = 20;
/** Until the code is compiled, which a daemon that runs for days has long behind it. */
const WARM_UP_SCRAPES = 40;
/** Longer than the greatest age of the accelerated run, so that each scrape polls. */
const WARM_UP_PAUSE_MILLISECONDS = 150;
const POLL_WINDOWS = 3;
/** Only scrapes make the daemon poll. */
const NO_POLLS = ['--poll.interval=1h', '--poll.slow-interval=1h'];
/** The accelerated run does in a second what the daemon does in ten with `--poll.interval=10s` and a scrape every 15 s. */
const ACCELERATION = 10;
const ACCELERATED = ['--poll.interval=1s', '--poll.slow-interval=6s', '--poll.max-age=100ms'].concat(
  '--docker.reconcile-interval=3s',
  '--docker.timeout=1s',
);
const ACCELERATED_SCRAPES = 8;
const ACCELERATED_SCRAPE_SECONDS = 1.5;

export interface DaemonFigures {
  readonly listeningMilliseconds: number;
  readonly rssBytes: number;
  readonly series: number;
  /** A scrape that reads all containers first. */
  readonly freshScrapeMilliseconds: number;
  readonly scrapeMilliseconds: number;
  /** All threads of the daemon, compression included. */
  readonly scrapeCpuMilliseconds: number;
  readonly scrapeStallMilliseconds: number;
  readonly pollStallMilliseconds: number;
  readonly cpuSecondsPerMinute: number;
}

/** Measures the real daemon over real HTTP, each aspect in a process of its own; a replayed Docker API names the containers. */
export async function measureDaemon(
  containers: readonly Container[],
  directory: string,
): Promise<DaemonFigures> {
  const docker = await replayDockerApi(join(directory, 'docker.sock'), dockerReplies(containers));
  try {
    return await measureWith(`--docker.host=unix://${docker.socketPath}`);
  } finally {
    await docker.close();
  }
}

async function measureWith(dockerHost: string): Promise<DaemonFigures> {
  const starts: number[] = [];
  const within = async <Figures>(
    options: readonly string[],
    measure: (daemon: DaemonProcess) => Promise<Figures>,
  ): Promise<Figures> => {
    const daemon = await DaemonProcess.start('--discovery=docker', dockerHost, ...options);
    starts.push(daemon.startMilliseconds);
    try {
      return await measure(daemon);
    } finally {
      await daemon.stop();
    }
  };
  const figures = {
    ...(await within([...NO_POLLS, '--poll.max-age=0s'], measureMemory)),
    ...(await within([...NO_POLLS, '--poll.max-age=1h'], measureScrapes)),
    ...(await within(['--poll.interval=1s', '--docker.reconcile-interval=1h'], measurePolls)),
    ...(await within(ACCELERATED, measureCpu)),
  };
  return { ...figures, listeningMilliseconds: median(starts) };
}

async function measureMemory(
  daemon: DaemonProcess,
): Promise<Pick<DaemonFigures, 'rssBytes' | 'freshScrapeMilliseconds'>> {
  const latencies = [];
  for (let poll = 0; poll < POLLS; poll++) latencies.push((await daemon.scrape()).milliseconds);
  const { rssBytes } = await daemon.report();
  return { rssBytes, freshScrapeMilliseconds: median(latencies) };
}

async function measureScrapes(
  daemon: DaemonProcess,
): Promise<
  Pick<DaemonFigures, 'series' | 'scrapeMilliseconds' | 'scrapeCpuMilliseconds' | 'scrapeStallMilliseconds'>
> {
  const text = (await daemon.scrape('identity')).body.toString();
  const series = text.split('\n').filter(line => line !== '' && !line.startsWith('#')).length;
  for (let scrape = 0; scrape < WARM_UP_SCRAPES; scrape++) await daemon.scrape();
  const scrapes = [];
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    const begun = await daemon.report();
    const { milliseconds } = await daemon.scrape();
    const ended = await daemon.report();
    scrapes.push({ milliseconds, cpu: ended.cpuMilliseconds - begun.cpuMilliseconds });
  }
  const stalls = [];
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    daemon.watch();
    await daemon.scrape();
    stalls.push((await daemon.report()).stallMilliseconds);
  }
  return {
    series,
    scrapeMilliseconds: median(scrapes.map(scrape => scrape.milliseconds)),
    scrapeCpuMilliseconds: median(scrapes.map(scrape => scrape.cpu)),
    scrapeStallMilliseconds: median(stalls),
  };
}

async function measurePolls(daemon: DaemonProcess): Promise<Pick<DaemonFigures, 'pollStallMilliseconds'>> {
  // The first polls open the files and run before the code is compiled.
  await daemon.scrape();
  await delay(3000);
  const stalls = [];
  for (let window = 0; window < POLL_WINDOWS; window++) {
    daemon.watch();
    await delay(2000);
    stalls.push((await daemon.report()).stallMilliseconds);
  }
  return { pollStallMilliseconds: median(stalls) };
}

async function measureCpu(daemon: DaemonProcess): Promise<Pick<DaemonFigures, 'cpuSecondsPerMinute'>> {
  for (let scrape = 0; scrape < WARM_UP_SCRAPES; scrape++) {
    await daemon.scrape();
    await delay(WARM_UP_PAUSE_MILLISECONDS);
  }
  await delay(2000);
  const begun = await daemon.report();
  for (let scrape = 0; scrape < ACCELERATED_SCRAPES; scrape++) {
    await delay(ACCELERATED_SCRAPE_SECONDS * 1000);
    await daemon.scrape();
  }
  const ended = await daemon.report();
  const seconds = ACCELERATED_SCRAPES * ACCELERATED_SCRAPE_SECONDS * ACCELERATION;
  return { cpuSecondsPerMinute: ((ended.cpuMilliseconds - begun.cpuMilliseconds) / 1000 / seconds) * 60 };
}
