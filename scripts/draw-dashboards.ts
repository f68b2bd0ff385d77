import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { answersOf, type Answer, type View } from '../grafana/preview/answers.js';
import { queryPanels, readDashboards } from '../grafana/preview/dashboard-file.js';
import { drawDashboard } from '../grafana/preview/draw.js';

const FOLDER = 'docs/pictures';
const POINTS = 120;

const { values: options } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://localhost:9090' },
    container: { type: 'string', default: '.+' },
    'range-minutes': { type: 'string', default: '60' },
    'scrape-seconds': { type: 'string', default: '15' },
    only: { type: 'string', multiple: true },
  },
});

const ask = async (path: string): Promise<unknown> => {
  const response = await fetch(`${options.prometheus}/api/v1/${path}`);
  const { data, error } = (await response.json()) as { data?: unknown; error?: string };
  if (data === undefined) throw new Error(`${path}: ${error}`);
  return data;
};

const rangeSeconds = Number(options['range-minutes']) * 60;
mkdirSync(FOLDER, { recursive: true });
for (const dashboard of readDashboards()) {
  const name = dashboard.file.replace('.json', '');
  if (options.only !== undefined && !options.only.includes(name)) continue;
  const view: View = {
    endSeconds: Math.floor(Date.now() / 1000),
    rangeSeconds,
    stepSeconds: Math.max(1, Math.round(rangeSeconds / POINTS)),
    scrapeSeconds: Number(options['scrape-seconds']),
    values: dashboard.uid === 'confined-container' ? { container: options.container } : {},
  };
  const answers = new Map<number, readonly Answer[]>();
  for (const panel of queryPanels(dashboard))
    answers.set(panel.id, await answersOf(panel, dashboard, view, ask));
  writeFileSync(`${FOLDER}/${name}.svg`, drawDashboard(dashboard, answers, view));
  process.stdout.write(`${FOLDER}/${name}.svg\n`);
}
