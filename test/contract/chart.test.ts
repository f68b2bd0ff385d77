import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from '../../src/config/load.js';
import { at, fields, filesBelow, list, readDocument, readText, strings } from '../support/deployment.js';
import type { Fields } from '../support/deployment.js';
import { CHART, kustomize, nameOf, onlyOfKind, renderChart } from '../support/kubernetes-objects.js';
import { containersOf } from '../support/manifests.js';
import { NEEDED_PATHS } from '../support/proxy-rules.js';
import { outputOf, runTool } from '../support/run-tool.js';
import { skipWithout } from '../support/skip-reason.js';

const skip = skipWithout('helm', 'kustomize', 'promtool');
const RULES = ['deploy/prometheus/recording-rules.yml', 'deploy/prometheus/alerts.yml'];
const version = String(at(JSON.parse(readText('package.json')), 'version'));
/** What Helm's labels say that kustomize's objects do not have. */
const LABELS_OF_HELM: ReadonlySet<string> = new Set([
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
]);

t.test('the chart passes the lint of Helm, and is of this version', { skip }, async t => {
  const { status, output } = runTool('helm', ['lint', '--strict', CHART]);
  t.equal(status, 0, output);
  const chart = readDocument(`${CHART}/Chart.yaml`);
  t.match(chart, { apiVersion: 'v2', name: 'confined', version, appVersion: version });
});

for (const [folder, options] of [
  ['base', []],
  ['cri-dockerd', ['--set=discovery=docker']],
] as const) {
  t.test(`the chart makes the objects of ${folder}`, { skip }, async t => {
    const expected = kustomize(`deploy/kubernetes/${folder}`).filter(({ kind }) => kind !== 'Namespace');
    const rendered = renderChart({ options });
    t.strictSame(rendered.map(nameOf).sort(), expected.map(nameOf).sort());
    for (const object of expected) {
      const ours = rendered.find(other => nameOf(other) === nameOf(object)) ?? {};
      t.strictSame(comparable(ours), comparable(object), nameOf(object));
    }
  });
}

t.test('a selector of the chart finds the pods of its own release only', { skip }, async t => {
  const objects = renderChart();
  const daemonSet = onlyOfKind(objects, 'DaemonSet');
  const labels = { 'app.kubernetes.io/name': 'confined', 'app.kubernetes.io/instance': 'confined' };
  t.strictSame(at(daemonSet, 'spec', 'template', 'metadata', 'labels'), labels);
  t.strictSame(at(daemonSet, 'spec', 'selector', 'matchLabels'), labels);
  t.strictSame(at(onlyOfKind(objects, 'PodMonitor'), 'spec', 'selector', 'matchLabels'), labels);
  t.strictSame(at(onlyOfKind(objects, 'NetworkPolicy'), 'spec', 'podSelector', 'matchLabels'), labels);
});

t.test('the chart brings the rules and the dashboards themselves, also as a package', { skip }, async t => {
  const folder = t.testdir({});
  outputOf('helm', 'package', CHART, `--destination=${folder}`);
  const packed = renderChart({ chart: join(folder, `confined-${version}.tgz`) });
  t.strictSame(packed, renderChart(), 'its links are files in the package');
  const groups = RULES.flatMap(path => list(readDocument(path)['groups']));
  t.ok(groups.length > RULES.length);
  t.strictSame(at(onlyOfKind(packed, 'PrometheusRule'), 'spec', 'groups'), groups);
  for (const path of filesBelow('grafana/dashboards', /\.json$/)) {
    const file = path.replace(/^.*\//, '');
    const map = packed.find(({ data }) => file in fields(data));
    t.strictSame(JSON.parse(String(at(map, 'data', file))), JSON.parse(readText(path)), file);
  }
});

t.test('more groups of rules come after those of confined', { skip }, async t => {
  const group = { name: 'ours', rules: [{ alert: 'Ours', expr: 'up{job="confined"} == 0', for: '5m' }] };
  const options = [`--set-json=prometheusRule.additionalGroups=${JSON.stringify([group])}`];
  const groups = list(at(onlyOfKind(renderChart({ options }), 'PrometheusRule'), 'spec', 'groups'));
  t.strictSame(groups.at(-1), group);
  t.equal(groups.length, RULES.flatMap(path => list(readDocument(path)['groups'])).length + 1);
  const folder = t.testdir({ 'rules.yml': JSON.stringify({ groups }) });
  const { status, output } = runTool('promtool', ['check', 'rules', join(folder, 'rules.yml')]);
  t.equal(status, 0, output);
});

t.test('without ptrace confined is not root, and reaches its proxy', { skip }, async t => {
  const options = ['--set=ptrace=false,discovery=docker'];
  const [confined = {}, proxy = {}] = containersOf(onlyOfKind(renderChart({ options }), 'DaemonSet'));
  t.strictSame(confined['securityContext'], {
    runAsUser: 65_532,
    runAsGroup: 65_532,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  });
  t.strictSame(
    strings(proxy['args']).filter(word => /allow|mode/.test(word)),
    ['-proxysocketendpointfilemode=0666', `-allowGET=${NEEDED_PATHS}`],
  );
});

t.test('each kind of object can be left out by itself', { skip }, async t => {
  const all = renderChart().map(nameOf);
  for (const [value, kind] of [
    ['podMonitor', 'PodMonitor'],
    ['prometheusRule', 'PrometheusRule'],
    ['networkPolicy', 'NetworkPolicy'],
    ['dashboards', 'ConfigMap'],
  ] as const) {
    const left = renderChart({ options: [`--set=${value}.enabled=false`] }).map(nameOf);
    t.strictSame(
      left,
      all.filter(name => !name.startsWith(`${kind} `)),
      value,
    );
    t.not(left.length, all.length, value);
  }
});

t.test(
  'options of confined are passed on, and a discovery that there is not is refused',
  { skip },
  async t => {
    const options = ['--set=extraArgs={--poll.interval=5s,--no-collector.confinement}'];
    const [confined] = containersOf(onlyOfKind(renderChart({ options }), 'DaemonSet'));
    const words = strings(confined?.['args']);
    t.strictSame(words.slice(-2), ['--poll.interval=5s', '--no-collector.confinement']);
    const result = loadConfig({ argv: words, env: {}, readTextFile: readText });
    t.match(result, { kind: 'config', config: { discovery: 'cgroup' } });
    t.throws(() => renderChart({ options: ['--set=discovery=podman'] }), /discovery: write cgroup or docker/);
  },
);

t.test('every value that a template asks for is in values.yaml', async t => {
  const values = readDocument(`${CHART}/values.yaml`);
  const templates = filesBelow(`${CHART}/templates`, /\.(yaml|tpl|txt)$/).map(readText);
  const asked = new Set([...templates.join('').matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path));
  t.ok(asked.size > 0);
  for (const path of asked) t.not(at(values, ...path.split('.')), undefined, path);
});

t.test('every value of values.yaml changes something', { skip }, async t => {
  const values = readDocument(`${CHART}/values.yaml`);
  const before = JSON.stringify(renderChart({ options: ['--set=discovery=docker'] }));
  for (const [path, value] of leavesOf(values)) {
    if (path === 'discovery') continue;
    const changed = `--set-json=${path.replaceAll('kubernetes.io', String.raw`kubernetes\.io`)}=${JSON.stringify(another(value))}`;
    const after = JSON.stringify(renderChart({ options: ['--set=discovery=docker', changed] }));
    t.not(after, before, changed);
  }
});

/**
 * An object without what Helm and kustomize write differently and mean the same: the labels of a release, the order of named
 * things, the last newline of a file, and what is the default of an image with a version.
 */
function comparable(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key.endsWith('.json') ? value.replace(/\n$/, '') : value;
  if (Array.isArray(value)) {
    const inner = value.map(item => comparable(item));
    return inner.every(item => namePart(item) !== undefined)
      ? inner.sort((a, b) => (String(namePart(a)) < String(namePart(b)) ? -1 : 1))
      : inner;
  }
  if (value === null || typeof value !== 'object') return value;
  const isLabels = /^(labels|matchLabels)$/.test(key);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(isLabels && LABELS_OF_HELM.has(name)))
      .filter(([name, inner]) => !(name === 'imagePullPolicy' && inner === 'IfNotPresent'))
      .map(([name, inner]) => [name, comparable(inner, name)]),
  );
}

/** The name of a container, a volume or a group of rules; undefined for anything else. */
function namePart(value: unknown): unknown {
  return value !== null && typeof value === 'object' && 'name' in value ? value.name : undefined;
}

/** The values at the ends of a tree, by their paths. */
function leavesOf(value: Fields, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const isTree = inner !== null && typeof inner === 'object' && !Array.isArray(inner);
    const isLeaf = !isTree || Object.keys(inner).length === 0;
    return isLeaf ? [[`${prefix}${key}`, inner]] : leavesOf(fields(inner), `${prefix}${key}.`);
  });
}

/** A value of the same kind that is not this one. */
function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `another${value}`;
  return Array.isArray(value) ? [{ another: 'one' }] : { another: 'one' };
}
