import t from 'tap';
import { loadConfig } from '../../src/config/load.js';
import { at, fields, filesBelow, list, readDocument, readText, strings } from '../support/deployment.js';
import { kustomize, onlyOfKind } from '../support/kubernetes-objects.js';
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

t.test('kustomize makes of them what they say', { skip: skipWithout('kustomize') }, async t => {
  for (const [folder, count] of [
    ['base', 1],
    ['cri-dockerd', 2],
  ] as const) {
    const objects = kustomize(`${FOLDER}/${folder}`);
    t.equal(objects.length, base.size + filesBelow('grafana/dashboards', /\.json$/).length);
    const built = onlyOfKind(objects, 'DaemonSet');
    t.equal(containersOf(built).length, count);
    for (const container of containersOf(built)) checkContainer(t, container, podOf(built));
  }
});
