import { spawnSync } from 'node:child_process';
import t from 'tap';
import { loadConfig } from '../../src/config/load.js';
import {
  at,
  fields,
  filesBelow,
  list,
  readDocument,
  readDocuments,
  readText,
  strings,
} from '../support/deployment.js';
import { parseDocuments, ROOT, type Fields } from '../support/deployment.js';
import { actionsOf, checkBlocks, skeletonOf, valuesAskedFor } from '../support/helm-template.js';
import { checkContainer, checkObject, containersOf, podOf } from '../support/manifests.js';
import { NEEDED_PATHS } from '../support/proxy-rules.js';
import { skipWithout } from '../support/skip-reason.js';

const FOLDER = 'deploy/kubernetes';
const DASHBOARDS = '../../../grafana/dashboards';
const version = String(at(JSON.parse(readText('package.json')), 'version'));
const base = new Map(
  filesBelow(`${FOLDER}/base`, /\.yaml$/)
    .filter(path => !path.endsWith('kustomization.yaml'))
    .map(path => [path.replace(/^.*\//, ''), readDocument(path)]),
);
const daemonSet = fields(base.get('daemonset.yaml'));
const pod = podOf(daemonSet);
const [confined = {}] = containersOf(daemonSet);
const overlay = readDocument(`${FOLDER}/cri-dockerd/docker-api.yaml`);

t.test('the base lists all of its files', async t => {
  const kustomization = readDocument(`${FOLDER}/base/kustomization.yaml`);
  t.strictSame(new Set(strings(kustomization['resources'])), new Set([...base.keys(), DASHBOARDS]));
  const { resources, patches } = readDocument(`${FOLDER}/cri-dockerd/kustomization.yaml`);
  t.strictSame(resources, ['../base']);
  const files = filesBelow(`${FOLDER}/cri-dockerd`, /\.yaml$/).map(path => path.replace(/^.*\//, ''));
  const patched = list(patches).map(patch => String(at(patch, 'path')));
  t.strictSame(new Set(files), new Set(['kustomization.yaml', ...patched]));
});

t.test('every dashboard becomes a ConfigMap that Grafana finds', async t => {
  const kustomization = readDocument('grafana/dashboards/kustomization.yaml');
  t.match(kustomization['generatorOptions'], { labels: { grafana_dashboard: '1' } });
  const files = filesBelow('grafana/dashboards', /\.json$/).map(path => path.replace(/^.*\//, ''));
  const maps = list(kustomization['configMapGenerator']).map(fields);
  t.strictSame(
    maps.flatMap(map => strings(map['files'])),
    files,
  );
  t.strictSame(
    maps.map(({ name }) => name),
    files.map(file => `confined-dashboard-${file.replace('.json', '')}`),
  );
});

t.test('the chart brings the rules and the dashboards themselves', async t => {
  for (const file of ['alerts.yml', 'recording-rules.yml'])
    t.equal(readText(`${FOLDER}/chart/rules/${file}`), readText(`deploy/prometheus/${file}`), file);
  for (const path of filesBelow('grafana/dashboards', /\.json$/)) {
    const name = path.replace(/^.*\//, '');
    t.equal(readText(`${FOLDER}/chart/dashboards/${name}`), readText(path), name);
  }
  const templates = filesBelow(`${FOLDER}/chart/templates`, /\.yaml$/)
    .map(readText)
    .join('');
  for (const [, path = ''] of templates.matchAll(/\.Files\.Get "([^"]+)"/g))
    t.ok(readText(`${FOLDER}/chart/${path}`).length > 0, path);
});

t.test('all objects are in the namespace, and find the pods', async t => {
  const labels = { 'app.kubernetes.io/name': 'confined' };
  for (const [name, object] of base) {
    checkObject(t, object, name);
    const namespaced =
      object['kind'] === 'Namespace' ? at(object, 'metadata', 'name') : at(object, 'metadata', 'namespace');
    t.equal(namespaced, 'confined', name);
  }
  t.strictSame(at(daemonSet, 'spec', 'template', 'metadata', 'labels'), labels);
  t.strictSame(at(daemonSet, 'spec', 'selector', 'matchLabels'), labels);
  t.strictSame(at(base.get('podmonitor.yaml'), 'spec', 'selector', 'matchLabels'), labels);
  t.strictSame(at(base.get('networkpolicy.yaml'), 'spec', 'podSelector', 'matchLabels'), labels);
  t.equal(pod['serviceAccountName'], at(base.get('serviceaccount.yaml'), 'metadata', 'name'));
});

t.test('the pod sees the host, and nothing of the cluster', async t => {
  t.match(pod, { hostPID: true, automountServiceAccountToken: false, enableServiceLinks: false });
  t.notOk(pod['hostNetwork'] ?? pod['hostIPC']);
  t.equal(at(base.get('serviceaccount.yaml'), 'automountServiceAccountToken'), false);
  t.equal(
    at(base.get('namespace.yaml'), 'metadata', 'labels', 'pod-security.kubernetes.io/enforce'),
    'privileged',
  );
  const paths = list(pod['volumes']).map(volume => at(volume, 'hostPath', 'path'));
  t.strictSame(paths, ['/proc', '/sys/fs/cgroup']);
  checkContainer(t, confined, pod);
  t.match(confined['securityContext'], { runAsUser: 0, appArmorProfile: { type: 'Unconfined' } });
  t.equal(confined['image'], `confined:${version}`);
});

t.test('only Prometheus gets in, and nothing goes out', async t => {
  const { policyTypes, ingress, egress } = fields(at(base.get('networkpolicy.yaml'), 'spec'));
  t.strictSame([policyTypes, egress], [['Ingress', 'Egress'], []]);
  t.match(ingress, [{ from: [{ namespaceSelector: { matchLabels: {} } }], ports: [{ port: 'metrics' }] }]);
  const [endpoint] = list(at(base.get('podmonitor.yaml'), 'spec', 'podMetricsEndpoints'));
  const [port] = list(confined['ports']);
  t.match(port, { name: 'metrics', containerPort: 10_401 });
  for (const probe of ['livenessProbe', 'readinessProbe']) {
    t.match(at(confined, probe, 'httpGet'), { path: /^\/-\/(healthy|ready)$/, port: 'metrics' });
  }
  t.match(endpoint, { port: 'metrics' });
});

t.test('confined understands its options and finds what they name', async t => {
  const [patched = {}] = containersOf(overlay);
  for (const [container, discovery] of [
    [confined, 'cgroup'],
    [patched, 'docker'],
  ] as const) {
    const result = loadConfig({ argv: strings(container['args']), env: {}, readTextFile: readText });
    if (result.kind !== 'config') {
      t.fail('not a configuration', result);
      continue;
    }
    t.equal(result.config.discovery, discovery);
    const mounts = list(confined['volumeMounts']).map(mount => at(mount, 'mountPath'));
    t.strictSame(mounts, [result.config.pathProcfs, result.config.pathCgroupfs]);
  }
});

t.test('with cri-dockerd a proxy stands before the socket', async t => {
  t.match(overlay, { kind: daemonSet['kind'], metadata: { name: 'confined', namespace: 'confined' } });
  const [patched = {}, proxy = {}] = containersOf(overlay);
  t.equal(patched['name'], confined['name']);
  checkContainer(t, proxy, podOf(overlay));
  t.strictSame(
    list(patched['volumeMounts']).map(mount => at(mount, 'mountPath')),
    ['/run/docker-api'],
  );
  t.ok(strings(patched['args']).includes('--docker.host=unix:///run/docker-api/docker.sock'));
  t.ok(strings(proxy['args']).includes('-proxysocketendpoint=/run/docker-api/docker.sock'));
  t.strictSame(
    strings(proxy['args']).filter(word => word.startsWith('-allow')),
    [`-allowGET=${NEEDED_PATHS}`],
  );
});

t.test('kustomize makes of them what they say', { skip: skipWithout('kubectl') }, async t => {
  for (const [folder, count] of [
    ['base', 1],
    ['cri-dockerd', 2],
  ] as const) {
    const path = new URL(`${FOLDER}/${folder}`, ROOT).pathname;
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', path], { encoding: 'utf8' });
    t.equal(status, 0, stderr);
    const objects = parseDocuments(stdout, folder);
    t.equal(objects.length, base.size + filesBelow('grafana/dashboards', /\.json$/).length);
    const built: Fields = objects.find(({ kind }) => kind === 'DaemonSet') ?? {};
    t.equal(containersOf(built).length, count);
    for (const container of containersOf(built)) checkContainer(t, container, podOf(built));
  }
});

t.test('the chart', async t => {
  const chart = readDocument(`${FOLDER}/chart/Chart.yaml`);
  t.match(chart, { apiVersion: 'v2', name: 'confined', version, appVersion: version });
  const values = readDocument(`${FOLDER}/chart/values.yaml`);
  const used = new Set<string>();
  const all: string[] = [];
  for (const path of filesBelow(`${FOLDER}/chart/templates`, /\.(yaml|tpl|txt)$/)) {
    const template = readText(path);
    all.push(template);
    const actions = actionsOf(template, path);
    checkBlocks(actions, path);
    for (const keys of valuesAskedFor(actions)) {
      const parent = fields(at(values, ...keys.slice(0, -1)));
      t.ok((keys.at(-1) ?? '') in parent, `${keys.join('.')} of ${path} is in values.yaml`);
      used.add(keys[0] ?? '').add(keys.join('.'));
    }
    if (!path.endsWith('.yaml')) continue;
    const [object = {}, ...others] = parseDocuments(skeletonOf(template), path, { uniqueKeys: false });
    t.strictSame(others, []);
    checkObject(t, object, path);
  }
  for (const key of Object.keys(values)) t.ok(used.has(key), `${key} of values.yaml is used`);
  const defined = new Set([...all.join('').matchAll(/define "([\w.]+)"/g)].map(([, name]) => name));
  const included = new Set([...all.join('').matchAll(/include "([\w.]+)"/g)].map(([, name]) => name));
  t.strictSame(included, defined);
  t.ok(all.join('').includes(`- -allowGET=${NEEDED_PATHS}\n`));
});

t.test('the chart says the same as the base', async t => {
  const template = readText(`${FOLDER}/chart/templates/daemonset.yaml`);
  const [object = {}] = parseDocuments(skeletonOf(template), 'the chart', { uniqueKeys: false });
  const [ours = {}, proxy = {}] = containersOf(object);
  const words = strings(ours['args']).map(word => word.replace(/=value$/, '=cgroup'));
  t.ok(
    strings(confined['args']).every(word => words.includes(word)),
    words.join(' '),
  );
  for (const key of ['livenessProbe', 'readinessProbe', 'ports']) t.strictSame(ours[key], confined[key], key);
  t.match(ours['securityContext'], { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
  t.match(at(ours, 'securityContext', 'capabilities'), { drop: ['ALL'], add: ['SYS_PTRACE'] });
  t.match(proxy['securityContext'], { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  const values = readDocuments(`${FOLDER}/chart/values.yaml`)[0];
  t.strictSame(at(values, 'resources'), confined['resources']);
  t.strictSame(at(values, 'tolerations'), pod['tolerations']);
  t.strictSame(at(values, 'discovery'), 'cgroup');
});
