import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Figure } from '../table.js';
import { costFigures, memoryFigure, momentOf } from './cost-figures.js';
import { startFleetPrometheus } from './fleet-prometheus.js';
import { serveFleet, type FleetServer } from './fleet-server.js';
import type { ScaleOptions } from './options.js';
import { queryFigures } from './query-figures.js';
import type { RecordedScrape } from './recorded-scrapes.js';
import { ScrapeTemplate } from './scrape-template.js';
import { storageFigures } from './storage-figures.js';

const PROGRESS_SECONDS = 15;
/** A scrape each second, of values that move in it as in fifteen: two hours of samples in eight minutes. */
const STORAGE = { speed: 15, intervalSeconds: 1, minutes: 8 } as const;

/** Watches so many hosts like the recorded ones for some minutes, and then looks at their dashboards. */
export async function watchFleet(
  hosts: number,
  { intervalSeconds, minutes }: ScaleOptions,
  scrapes: readonly RecordedScrape[],
): Promise<Figure[]> {
  return await withFleet(templatesOf(scrapes), 1, async (t, fleet) => {
    const prometheus = await startFleetPrometheus(t, fleet, { hosts, intervalSeconds });
    // Prometheus takes some seconds to find its targets; the first scrapes make the series, which costs more than the rest.
    await waitFor(intervalSeconds * 2 + 10, `${hosts} hosts: first scrapes`);
    const before = await momentOf(prometheus);
    await waitFor(minutes * 60, `${hosts} hosts: watching`);
    const cost = await costFigures(prometheus, before, await momentOf(prometheus));
    const queries = await queryFigures(prometheus, {
      endSeconds: Date.now() / 1000,
      rangeSeconds: minutes * 60,
      stepSeconds: intervalSeconds,
      scrapeSeconds: intervalSeconds,
      values: {},
    });
    return [
      { what: 'scrape interval', value: intervalSeconds, unit: 's', note: `${minutes} minutes` },
      ...cost,
      ...queries,
      memoryFigure('memory, after the queries', await momentOf(prometheus)),
    ].map(figure => ({ ...figure, count: hosts }));
  });
}

/** What samples take on disk, of one host like each recorded one. */
export async function storeFleet(scrapes: readonly RecordedScrape[]): Promise<Figure[]> {
  const templates = templatesOf(scrapes);
  const { speed, intervalSeconds, minutes } = STORAGE;
  return await withFleet(templates, speed, async (t, fleet) => {
    const prometheus = await startFleetPrometheus(t, fleet, {
      hosts: templates.length,
      intervalSeconds,
      rules: () => ({ groups: [] }),
    });
    await waitFor(minutes * 60, 'storage');
    return await storageFigures(prometheus, templates);
  });
}

function templatesOf(scrapes: readonly RecordedScrape[]): ScrapeTemplate[] {
  return scrapes.map(({ text }) => new ScrapeTemplate(text));
}

async function withFleet(
  templates: readonly ScrapeTemplate[],
  speed: number,
  use: (t: Pick<Test, 'teardown'>, fleet: FleetServer) => Promise<Figure[]>,
): Promise<Figure[]> {
  const ends: (() => unknown)[] = [];
  const fleet = await serveFleet(templates, speed);
  try {
    return await use({ teardown: (end: () => unknown) => void ends.push(end) }, fleet);
  } finally {
    for (const end of ends.reverse()) await end();
    fleet.stop();
  }
}

async function waitFor(seconds: number, what: string): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (let left = seconds; left > 0; left = (until - Date.now()) / 1000) {
    process.stderr.write(`${what}, ${Math.ceil(left)} s left\n`);
    await delay(Math.min(left, PROGRESS_SECONDS) * 1000);
  }
}
