import { cpus, totalmem } from 'node:os';
import { tableText, type Figure } from '../table.js';
import { flagFigures } from './flag-figures.js';
import { parseOptions, type ScaleOptions } from './options.js';
import { recordedScrapes, type RecordedScrape } from './recorded-scrapes.js';
import { storeFleet, watchFleet } from './simulation.js';
import { ownTemporaryDirectory } from './temporary-directory.js';

/** The exit status that a shell gives a program that Ctrl-C ended. */
const INTERRUPTED = 130;

const options = parseOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  const remove = ownTemporaryDirectory();
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      // Last of what is done at the exit, since Prometheus is killed there.
      process.once('exit', remove);
      process.exit(INTERRUPTED);
    });
  await run(options).finally(remove);
}

async function run(scale: ScaleOptions): Promise<void> {
  const scrapes = await recordedScrapes();
  const figures = hostFigures(scrapes);
  if (scale.flags) figures.push(...(await flagFigures(scrapes)));
  if (scale.storage) figures.push(...(await storeFleet(scrapes)));
  for (const hosts of scale.hosts) figures.push(...(await watchFleet(hosts, scale, scrapes)));
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
    { what: 'a host: one scrape', value: mean(({ bytes }) => bytes) / 1000, unit: 'kB' },
    { what: 'a host: one scrape, gzip', value: mean(({ gzipBytes }) => gzipBytes) / 1000, unit: 'kB' },
  ];
}
