import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Prometheus } from '../../test/support/prometheus.js';
import type { Figure } from '../table.js';
import type { ScrapeTemplate } from './scrape-template.js';

/**
 * Figures of what samples take on disk, from a Prometheus that has scraped these hosts, and evaluated no rules, for some
 * time: a block is made of what it has.
 */
export async function storageFigures(
  prometheus: Prometheus,
  templates: readonly ScrapeTemplate[],
): Promise<Figure[]> {
  const [block, ...others] = blocksIn(await prometheus.snapshot());
  if (block === undefined || others.length > 0) throw new Error('what was scraped is not in one block');
  const { series, samples, chunkBytes, indexBytes } = block;
  const moving = Math.round(100 * movingShare(templates));
  return [
    {
      what: 'on disk: a sample',
      value: chunkBytes / samples,
      unit: 'B',
      note: `${Math.round(samples / series)} samples a series, ${moving} % of the series move`,
    },
    { what: 'on disk: a series in the index', value: indexBytes / series, unit: 'B', note: 'in each block' },
    {
      what: 'on disk: a sample in the write-ahead log',
      value: sizeBelow(join(prometheus.dataDirectory, 'wal')) / samples,
      unit: 'B',
    },
  ];
}

/** Which share of the series has another value after an hour. */
function movingShare(templates: readonly ScrapeTemplate[]): number {
  const sum = (of: (template: ScrapeTemplate) => number): number =>
    templates.reduce((total, template) => total + of(template), 0);
  const moved = (template: ScrapeTemplate): number => {
    const later = template.textOf(0, 3600).split('\n');
    return template
      .textOf(0, 0)
      .split('\n')
      .filter((line, index) => line !== later[index]).length;
  };
  return sum(moved) / sum(({ series }) => series);
}

interface Block {
  readonly series: number;
  readonly samples: number;
  readonly chunkBytes: number;
  readonly indexBytes: number;
}

/** The block's own `meta.json` tells how much is in it. */
function blocksIn(directory: string): Block[] {
  return readdirSync(directory).map(name => {
    const block = join(directory, name);
    const { stats } = JSON.parse(readFileSync(join(block, 'meta.json'), 'utf8')) as {
      stats: { numSeries: number; numSamples: number };
    };
    return {
      series: stats.numSeries,
      samples: stats.numSamples,
      chunkBytes: sizeBelow(join(block, 'chunks')),
      indexBytes: statSync(join(block, 'index')).size,
    };
  });
}

function sizeBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
