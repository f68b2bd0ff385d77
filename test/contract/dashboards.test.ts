import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import {
  queryPanels,
  readDashboards,
  type DashboardFile,
  type Panel,
  type Target,
  type Variable,
} from '../../grafana/preview/dashboard-file.js';
import { interpolate, labelsInLegend } from '../../grafana/preview/interpolate.js';
import { declaredMetrics, hasLabel } from '../support/declared-metrics.js';
import { namesIn } from '../support/promql.js';

const dashboards = readDashboards();
const declared = declaredMetrics();
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Values of variables that "All" does not give. */
const VALUES = { container: 'web' };
const INTERVALS = { stepSeconds: 15, scrapeSeconds: 15, rangeSeconds: 3600 };
/** Of Grafana's list of units, those in use here. */
const UNITS = new Set('s bytes Bps short none percentunit ops pps reqps dateTimeFromNow'.split(' '));
const RUNBOOKS = 'https://github.com/confined/confined/blob/main/';

t.strictSame(
  dashboards.map(({ uid }) => uid),
  ['confined-container', 'confined-exporter', 'confined-fleet', 'confined-overview', 'confined-posture'],
);

for (const dashboard of dashboards)
  t.test(dashboard.file, async t => {
    t.test('Grafana finds what it needs', async t => {
      t.equal(dashboard.schemaVersion, 42);
      t.ok(dashboard.tags.includes('confined'), 'the menu of dashboards lists it');
      t.match(dashboard.title, /^confined \/ [A-Z]/);
      t.ok(dashboard.description);
      t.notOk('id' in dashboard, 'a number of its own is Grafana’s to give');
      t.notMatch(JSON.stringify(dashboard), /__inputs|\$\{DS_/u, 'provisioning knows no inputs');
      t.ok(JSON.stringify(dashboard).length < 200_000, 'it fits into a ConfigMap that is applied');
    });
    t.test('uneditable-dashboard', async t => t.equal(dashboard.editable, false));
    t.test('template rules', async t => checkVariables(t, dashboard));
    t.test('layout', async t => checkLayout(t, dashboard));
    for (const panel of queryPanels(dashboard))
      t.test(panel.title, async t => checkPanel(t, dashboard, panel));
    t.test('annotations', async t => {
      for (const { name, expr, textFormat, datasource } of dashboard.annotations.list) {
        t.strictSame(datasource, DATASOURCE, name);
        checkExpression(t, dashboard, expr, labelsInLegend(textFormat));
      }
    });
    t.test('links between dashboards lead to one, with variables that it has', async t => {
      for (const [, uid, query = ''] of JSON.stringify(dashboard).matchAll(/"\/d\/([\w-]+)\?([^"]*)"/gu)) {
        const target = dashboards.find(other => other.uid === uid);
        t.ok(target, `${uid} is a dashboard`);
        for (const [, name] of query.matchAll(/var-(\w+)=/gu))
          t.ok(
            target?.templating.list.some(variable => variable.name === name),
            `${uid} has ${name}`,
          );
      }
    });
    t.test('runbooks that are linked exist', async t => {
      const paths = [...JSON.stringify(dashboard).matchAll(/main\/(docs\/runbooks\/[^"#]+)"/gu)];
      for (const [, path = ''] of paths) if (!path.includes('$')) t.ok(existsSync(path), path);
      for (const [url] of JSON.stringify(dashboard).matchAll(/https:[^"]+/gu))
        t.ok(url.startsWith(RUNBOOKS), url);
    });
  });

/** template-datasource, template-job, template-instance, template-label-promql, template-on-time-change-reload */
function checkVariables(t: Test, dashboard: DashboardFile): void {
  const { list } = dashboard.templating;
  const [datasource, job, instance, ...others] = list;
  t.match(datasource, { name: 'datasource', type: 'datasource', label: 'Data source', query: 'prometheus' });
  t.equal(list.filter(({ type }) => type === 'datasource').length, 1);
  for (const [variable, name, label] of [
    [job, 'job', 'Job'],
    [instance, 'instance', 'Instance'],
  ] as const)
    t.match(variable, { name, label, type: 'query', multi: true, includeAll: true, allValue: '.+' });
  for (const variable of list.slice(1)) {
    const { name, datasource, refresh } = variable;
    t.strictSame(datasource, DATASOURCE, name);
    t.equal(refresh, 2, `${name} follows the time range`);
    const [, selector = '', label = ''] =
      /^label_values\((.+), (\w+)\)$/u.exec(variableQuery(variable)) ?? [];
    t.ok(selector, `${name}: ${variableQuery(variable)}`);
    checkExpression(t, dashboard, selector, [label]);
  }
  const text = JSON.stringify({ panels: dashboard.panels, list });
  for (const { name } of others) t.ok(text.includes(`$${name}`), `$${name} is used`);
}

/** Panels fill lines from left to right and do not overlap. */
function checkLayout(t: Test, { panels }: DashboardFile): void {
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length, 'numbers are unique');
  t.equal(new Set(panels.map(({ title, gridPos }) => title + gridPos.y)).size, panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of panels) {
    const { x, y, w, h } = gridPos;
    t.ok(x >= 0 && w > 0 && x + w <= 24 && h > 0, title);
    const cells = Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
    t.notOk(
      cells.some(cell => taken.has(cell)),
      `${title} lies on no other panel`,
    );
    for (const cell of cells) taken.add(cell);
  }
  t.equal(taken.size % 24, 0, 'every line is filled');
}

/** panel-datasource, panel-title-description, panel-units, panel-no-targets and the rules of targets */
function checkPanel(t: Test, dashboard: DashboardFile, panel: Panel): void {
  const { title, description = '', datasource, targets = [], fieldConfig } = panel;
  t.ok(title.length > 0);
  t.match(description, /\.$/u, 'described in sentences');
  t.strictSame(datasource, DATASOURCE);
  const units = (fieldConfig?.overrides ?? [])
    .flatMap(({ properties }) => properties)
    .flatMap(({ id, value }) => (id === 'unit' ? [String(value)] : []));
  for (const unit of [fieldConfig?.defaults.unit ?? '', ...units]) t.ok(UNITS.has(unit), `unit ${unit}`);
  t.not(targets.length, 0, 'it asks something');
  t.equal(
    new Set(targets.map(({ refId }) => refId)).size,
    targets.length,
    'queries have letters of their own',
  );
  for (const target of targets) checkTarget(t, dashboard, panel, target);
}

/** target-promql, target-job, target-instance, target-rate-interval, target-counter-agg */
function checkTarget(t: Test, dashboard: DashboardFile, panel: Panel, target: Target): void {
  const { expr, legendFormat, datasource, instant = false, range = false } = target;
  t.strictSame(datasource, DATASOURCE);
  t.not(instant, range, 'of now or over time');
  t.equal(panel.type === 'timeseries' || panel.type === 'state-timeline', range);
  if (panel.type === 'table') t.equal(target.format, 'table');
  else t.not(legendFormat, '', 'series have a name');
  const { selectors } = checkExpression(t, dashboard, expr, labelsInLegend(legendFormat));
  for (const { metric, matchers, range, within = '' } of selectors) {
    for (const label of ['job', 'instance'])
      t.ok(
        matchers.some(matcher => matcher.label === label && matcher.operator === '=~'),
        `${metric} is of the chosen ${label}`,
      );
    if (/^i?rate$/u.test(within)) t.equal(range, '60s', `${metric}: rate over $__rate_interval`);
    if (metric.endsWith('_total')) t.match(within, /^(?:rate|increase)$/u, `${metric} is a counter`);
  }
}

/** Valid, of metrics and labels that are exported. Answers what it names. */
function checkExpression(
  t: Test,
  dashboard: DashboardFile,
  expression: string,
  shown: readonly string[],
): ReturnType<typeof namesIn> {
  const names = namesIn(interpolate(expression, dashboard, VALUES, INTERVALS));
  for (const { metric, matchers } of names.selectors) {
    const labels = declared.get(metric);
    t.ok(labels, `${metric} is exported`);
    for (const { label } of matchers) t.ok(hasLabel(label, labels ?? []), `${metric} has ${label}`);
  }
  const all = names.selectors.flatMap(({ metric }) => declared.get(metric) ?? []);
  for (const label of [...names.grouping, ...shown]) t.ok(hasLabel(label, all), `${label}: ${expression}`);
  return names;
}

/** The expression that a query variable takes its values from. */
function variableQuery({ query }: Variable): string {
  return typeof query === 'string' ? query : query.query;
}
