import type { DaemonFigures } from './daemon.js';
import type { PollFigures } from './poll.js';
import type { PostureFigures } from './posture.js';
import type { RenderFigures } from './render.js';
import type { Figure } from './table.js';

const MEGABYTE = 1e6;
/** What the kernel keeps for an open kernel file: memory of its own, not in the RSS of whoever holds it. */
const DESCRIPTOR_BYTES = 4.6 * 1024;

export function emptyPollFigure(microseconds: number): Figure {
  const note = "the machine's processes listed; left out of the figures per container";
  return { what: 'poll, CPU without containers', count: 0, value: microseconds, unit: 'µs', note };
}

export function pollFigures(containers: number, poll: PollFigures, budget?: number): Figure[] {
  const { microseconds, floorMicroseconds, ratio, held, filesPerContainer } = poll;
  const heldNote = `${held} files held, ${((held * DESCRIPTOR_BYTES) / MEGABYTE).toFixed(1)} MB of kernel memory`;
  if (budget !== undefined)
    return [
      {
        what: `poll, held files limited to ${budget}`,
        count: containers,
        value: microseconds,
        unit: 'µs',
        note: heldNote,
      },
    ];
  return [
    {
      what: 'poll, CPU per container',
      count: containers,
      value: microseconds,
      unit: 'µs',
      target: 40,
      note: heldNote,
    },
    {
      what: 'poll, against the same reads in C',
      count: containers,
      value: ratio,
      unit: '×',
      target: 1.25,
      note: `C: ${floorMicroseconds.toFixed(1)} µs for ${filesPerContainer.toFixed(1)} files`,
    },
    { what: 'poll with the slow tier', count: containers, value: poll.slowMicroseconds, unit: 'µs' },
  ];
}

export function postureFigures(containers: number, posture: PostureFigures): Figure[] {
  const { wholeMicroseconds, microseconds, held } = posture;
  return [
    {
      what: 'posture, CPU per process, all of it read',
      count: containers,
      value: wholeMicroseconds,
      unit: 'µs',
      target: 60,
      note: 'status, label, namespaces, root, user map, mounts',
    },
    {
      what: 'posture, CPU per process, between',
      count: containers,
      value: microseconds,
      unit: 'µs',
      note: `status and label; ${held} files held`,
    },
  ];
}

export function renderFigures(containers: number, format: string, render: RenderFigures): Figure[] {
  const { series, bytes, gzipBytes, renderMilliseconds, gzipMilliseconds } = render;
  // The targets are for 80,000 series; fewer take no longer.
  const share = series / 80_000;
  const size = `${series} series, ${(bytes / MEGABYTE).toFixed(1)} MB, ${(gzipBytes / MEGABYTE).toFixed(2)} MB gzip`;
  const large = share > 0.9;
  return [
    {
      what: `render, ${format}`,
      count: containers,
      value: renderMilliseconds,
      unit: 'ms',
      ...(large && { target: 10 * share }),
      note: size,
    },
    {
      what: `render and gzip, ${format}`,
      count: containers,
      value: gzipMilliseconds,
      unit: 'ms',
      ...(large && { target: 45 * share }),
      note: 'CPU of all threads',
    },
  ];
}

export function daemonFigures(containers: number, daemon: DaemonFigures): Figure[] {
  const rssTarget = containers <= 100 ? 75 : 105;
  const cpuTarget = containers <= 100 ? 0.4 : 0.7;
  const line = (what: string, value: number, unit: string, target?: number, note?: string): Figure => ({
    what,
    count: containers,
    value,
    unit,
    ...(target !== undefined && { target }),
    ...(note !== undefined && { note }),
  });
  return [
    line('daemon, start to listening', daemon.listeningMilliseconds, 'ms', 250),
    line('daemon, RSS after 60 polls', daemon.rssBytes / MEGABYTE, 'MB', rssTarget, 'and as many scrapes'),
    line('daemon, longest stall by polls', daemon.pollStallMilliseconds, 'ms', 10, 'CPU between two turns'),
    line('daemon, longest stall by a scrape', daemon.scrapeStallMilliseconds, 'ms', 10),
    line('daemon, CPU of a scrape', daemon.scrapeCpuMilliseconds, 'ms', undefined, `${daemon.series} series`),
    line('daemon, scrape', daemon.scrapeMilliseconds, 'ms', undefined, 'on the clock, gzip, from a snapshot'),
    line('daemon, scrape that polls first', daemon.freshScrapeMilliseconds, 'ms'),
    line(
      'daemon, CPU per minute',
      daemon.cpuSecondsPerMinute,
      's',
      cpuTarget,
      'ten minutes in one: see the page',
    ),
  ];
}
