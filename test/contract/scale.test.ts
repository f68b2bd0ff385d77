import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { queryPanels, readDashboards } from '../../grafana/preview/dashboard-file.js';
import { CONTAINER_METRICS } from '../../src/metrics/table.js';
import { at, fields, list } from '../support/deployment.js';
import { runTool } from '../support/run-tool.js';
import { readRules } from '../support/rules.js';
import { skipWithout } from '../support/skip-reason.js';

const page = readFileSync('docs/scale.md', 'utf8');
const [, block = ''] = /```yaml\n(.*?)```/su.exec(page) ?? [];
const relabelings = fields(parse(block));

t.test('what the page says to drop is asked for by nobody', async t => {
  const [relabeling] = list(relabelings['metric_relabel_configs']);
  t.match(relabeling, { source_labels: ['__name__'], action: 'drop' });
  const dropped = new RegExp(`^(?:${String(at(relabeling, 'regex'))})$`, 'u');
  const names = CONTAINER_METRICS.map(({ name }) => name).filter(name => dropped.test(name));
  t.ok(names.length > 10, names.join());
  const asked = [
    ...readRules('deploy/prometheus/alerts.yml').map(({ expr }) => expr),
    ...readRules('deploy/prometheus/recording-rules.yml').map(({ expr }) => expr),
    ...readDashboards().flatMap(dashboard => [
      ...queryPanels(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...dashboard.annotations.list.map(({ expr }) => expr),
    ]),
  ].join('\n');
  for (const name of names) t.notMatch(asked, new RegExp(`\\b${name}\\b`, 'u'), name);
  const golden = readFileSync('test/hosts/v2-systemd-apparmor/expected.prom', 'utf8');
  const one = golden.split('\n').filter(line => line.includes('name="web"'));
  const saved = one.filter(line => dropped.test(line.slice(0, line.indexOf('{')))).length;
  t.match(page, `these are ${saved} series of a container`);
});

t.test('promtool takes what the page says to drop', { skip: skipWithout('promtool') }, async t => {
  const job = { job_name: 'confined', static_configs: [{ targets: ['localhost:10401'] }], ...relabelings };
  const file = join(t.testdir(), 'prometheus.yml');
  writeFileSync(file, stringify({ scrape_configs: [job] }));
  const { status, output } = runTool('promtool', ['check', 'config', file]);
  t.equal(status, 0, output);
});

t.test('every recording rule that the page names is one', async t => {
  const records = new Set(readRules('deploy/prometheus/recording-rules.yml').map(({ record }) => record));
  const named = [...page.matchAll(/`((?:instance|job)[\w]*:[\w:]+)`/gu)].map(([, name]) => name ?? '');
  t.ok(named.length > 5);
  for (const name of named) t.ok(records.has(name), name);
});
