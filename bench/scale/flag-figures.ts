import type { Figure } from '../table.js';
import { recordedScrapes, type RecordedScrape } from './recorded-scrapes.js';

/** What changes how much there is to store. */
const FLAGS = [
  '--no-collector.confinement',
  '--no-collector.memory',
  '--no-collector.processes',
  '--no-collector.cpu',
  '--no-collector.pressure',
  '--no-collector.network',
  '--no-collector.blkio',
  '--no-collector.root',
  '--collector.percpu',
  '--container.label=none',
  '--web.disable-exporter-metrics',
] as const;

/** Running containers and series of the recorded hosts together, and bytes of their scrapes. */
interface Totals {
  readonly containers: number;
  readonly series: number;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** How many series and bytes each flag adds or saves, over all recorded hosts, for each running container. */
export async function flagFigures(scrapes: readonly RecordedScrape[]): Promise<Figure[]> {
  const plain = totalsOf(scrapes);
  const figures = [
    figure('without flags', plain.series / plain.containers, plain.bytes / plain.containers, ''),
    { what: 'with gzip', value: plain.gzipBytes / plain.containers / 1000, unit: 'kB' },
  ];
  for (const flag of FLAGS) {
    const { series, bytes } = totalsOf(await recordedScrapes([flag]));
    const perContainer = (value: number): number => value / plain.containers;
    figures.push(
      figure(flag, perContainer(series - plain.series), perContainer(bytes - plain.bytes), 'more'),
    );
  }
  return figures;
}

function figure(what: string, series: number, bytes: number, more: string): Figure {
  return { what, value: series, unit: 'series', note: `${(bytes / 1000).toFixed(1)} kB ${more}`.trim() };
}

function totalsOf(scrapes: readonly RecordedScrape[]): Totals {
  const sum = (of: (scrape: RecordedScrape) => number): number =>
    scrapes.reduce((total, scrape) => total + of(scrape), 0);
  return {
    containers: sum(({ containers }) => containers),
    series: sum(({ series }) => series),
    bytes: sum(({ bytes }) => bytes),
    gzipBytes: sum(({ gzipBytes }) => gzipBytes),
  };
}
