import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { declaredMetrics, hasLabel } from '../support/declared-metrics.js';
import { labelsInTemplate, namesIn } from '../support/promql.js';
import { readRules, readRuleTests, ruleTestFiles } from '../support/rules.js';
import { runTool } from '../support/run-tool.js';
import { skipWithout } from '../support/skip-reason.js';

const RECORDING_RULES = 'deploy/prometheus/recording-rules.yml';
const ALERTS = 'deploy/prometheus/alerts.yml';
const RUNBOOKS = 'docs/runbooks';
/** Where a runbook of this repository can be read: the one base of all of them. */
const RUNBOOK_URL = 'https://github.com/confined/confined/blob/main/docs/runbooks/';

const recordings = readRules(RECORDING_RULES);
const alerts = readRules(ALERTS);
const names = [...new Set(alerts.map(({ alert = '' }) => alert))];
const testFiles = ruleTestFiles('test/rules');
const tests = readRuleTests(testFiles);

const declared = declaredMetrics();

t.test('promtool takes the rules', { skip: skipWithout('promtool') }, async t => {
  const { status, output } = runTool('promtool', ['check', 'rules', RECORDING_RULES, ALERTS]);
  t.equal(status, 0, output);
});

for (const file of testFiles)
  t.test(`promtool passes ${file}`, { skip: skipWithout('promtool') }, async t => {
    const { status, output } = runTool('promtool', ['test', 'rules', file]);
    t.equal(status, 0, output);
  });

t.test('every alert says how bad it is, what is, and what to do', async t => {
  for (const { alert = '', labels, annotations } of alerts) {
    t.match(alert, /^Confined[A-Z][A-Za-z]+$/, alert);
    t.match(labels['severity'], /^(?:critical|warning|info)$/, alert);
    t.strictSame(Object.keys(annotations).toSorted(), ['description', 'runbook_url', 'summary'], alert);
    t.match(
      annotations['summary'],
      /^[A-Z][^{}]+\.$/,
      `the summary of ${alert} is one sentence for all that it tells of`,
    );
    t.match(annotations['description'], /\.$/, alert);
    t.equal(annotations['runbook_url'], `${RUNBOOK_URL}${alert}.md`, alert);
  }
});

t.test('every alert has a runbook, and every runbook an alert', async t => {
  const pages = readdirSync(RUNBOOKS).filter(page => page !== 'README.md');
  t.strictSame(pages.toSorted(), names.map(name => `${name}.md`).toSorted());
});

t.test(
  'every runbook says what the alert means, how to check it, what to do and when it is none',
  async t => {
    const index = readFileSync(`${RUNBOOKS}/README.md`, 'utf8');
    for (const name of names) {
      const page = readFileSync(`${RUNBOOKS}/${name}.md`, 'utf8');
      t.strictSame(
        page.split('\n').filter(line => line.startsWith('## ')),
        ['## Meaning', '## Check', '## Do', '## False alarm'],
        name,
      );
      t.ok(page.startsWith(`# ${name}\n`), name);
      const severities = alerts.filter(({ alert }) => alert === name).map(({ labels }) => labels['severity']);
      t.match(page, `Severity: ${[...new Set(severities)].join(', ')}.`, name);
      t.match(index, `[${name}](${name}.md)`, name);
    }
  },
);

t.test('every alert is seen to fire and not to fire, with each severity', async t => {
  const expected = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
  for (const { alert = '', labels } of alerts) {
    const of = expected.filter(({ alertname }) => alertname === alert);
    const fired = of.flatMap(({ exp_alerts = [] }) => exp_alerts) as { exp_labels: Record<string, string> }[];
    t.ok(
      fired.some(({ exp_labels }) =>
        Object.entries(labels).every(([label, value]) => exp_labels[label] === value),
      ),
      `${alert} fires with ${JSON.stringify(labels)}`,
    );
    t.ok(
      of.some(({ exp_alerts = [] }) => exp_alerts.length === 0),
      `${alert} does not fire`,
    );
  }
});

t.test('every recording rule is seen to record', async t => {
  const expected = tests.flatMap(({ promql_expr_test = [] }) => promql_expr_test);
  for (const { record = '' } of recordings)
    t.ok(
      expected.some(({ expr, exp_samples = [] }) => expr === record && exp_samples.length > 0),
      record,
    );
});

t.test('every metric and label that a rule names is exported', async t => {
  for (const { alert, record, expr, labels, annotations } of [...recordings, ...alerts]) {
    const rule = alert ?? record ?? '';
    const { selectors, grouping } = namesIn(expr);
    t.not(selectors.length, 0, rule);
    for (const selector of selectors) {
      const known = declared.get(selector.metric);
      t.ok(known, `${rule}: ${selector.metric} is exported`);
      const labels = selector.matchers.map(({ label }) => label);
      const unknown = labels.filter(label => !hasLabel(label, known ?? []));
      t.strictSame(unknown, [], `${rule}: the labels of ${selector.metric}`);
    }
    const all = selectors.flatMap(({ metric }) => declared.get(metric) ?? []);
    const named = [...grouping, ...Object.values(annotations).flatMap(labelsInTemplate)];
    const unknown = named.filter(label => !hasLabel(label, [...all, ...Object.keys(labels)]));
    t.strictSame(unknown, [], `${rule}: labels that it groups by, joins on or tells of`);
  }
});

t.test('recording rules say in their names what is left of the labels', async t => {
  for (const { record = '', expr } of recordings) {
    const [level = '', metric = '', operations = ''] = record.split(':');
    t.ok(level !== '' && metric !== '' && operations !== '' && record.split(':').length === 3, record);
    const { grouping } = namesIn(expr);
    for (const label of level.split('_')) t.ok(grouping.includes(label), `${record} keeps ${label}`);
  }
});

t.test('alerts need no recording rule', async t => {
  const recorded = alerts
    .flatMap(({ expr }) => namesIn(expr).selectors)
    .filter(({ metric }) => metric.includes(':'));
  t.strictSame(recorded, []);
});
