import { cpus, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { tableText, type Figure } from '../table.js';
import { flagFigures } from './flag-figures.js';
import { startFleetPrometheus } from './fleet-prometheus.js';
import { serveFleet } from './fleet-server.js';
import { costFigures, momentOf, queryFigures } from './measure.js';
import { parseOptions, type ScaleOptions } from './options.js';
import { recordedScrapes, type RecordedScrape } from './recorded-scrapes.js';
import { ScrapeTemplate } from './scrape-template.js';

const INTERRUPTED = 130;
const PROGRESS_SECONDS = 15;

const options = parseOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else await run(options);

async function run(scale: ScaleOptions): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(INTERRUPTED));
  const scrapes = await recordedScrapes();
  const figures = hostFigures(scrapes);
  if (scale.flags) figures.push(...(await flagFigures(scrapes)));
  for (const hosts of scale.hosts) figures.push(...(await simulate(hosts, scale, scrapes)));
  const machine = `${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  process.stdout.write(
    scale.json
      ? `${JSON.stringify({ machine, figures })}\n`
      : `${machine}\n\n${tableText(figures, 'hosts')}\n`,
  );
}

/** What one host is, on average of the recorded ones. */
function hostFigures(scrapes: readonly RecordedScrape[]): Figure[] {
  const mean = (of: (scrape: RecordedScrape) => number): number =>
    scrapes.reduce((sum, scrape) => sum + of(scrape), 0) / scrapes.length;
  return [
    { what: 'a host: running containers', value: mean(({ containers }) => containers), unit: '' },
    { what: 'a host: series', value: mean(({ series }) => series), unit: '' },
    { what: 'a host: one scrape', value: mean(({ text }) => Buffer.byteLength(text)) / 1000, unit: 'kB' },
    {
      what: 'a host: one scrape, gzip',
      value: mean(({ text }) => gzipSync(text, { level: 1 }).length) / 1000,
      unit: 'kB',
    },
  ];
}

async function simulate(
  hosts: number,
  { intervalSeconds, minutes }: ScaleOptions,
  scrapes: readonly RecordedScrape[],
): Promise<Figure[]> {
  const ends: (() => unknown)[] = [];
  const fleet = await serveFleet(scrapes.map(({ text }) => new ScrapeTemplate(text)));
  try {
    const t = { teardown: (end: () => unknown) => void ends.push(end) };
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
    const watched = {
      what: 'scrape interval',
      value: intervalSeconds,
      unit: 's',
      note: `${minutes} minutes`,
    };
    return [watched, ...cost, ...queries].map(figure => ({ ...figure, count: hosts }));
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
