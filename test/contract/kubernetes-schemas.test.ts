import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readDocument, type Fields } from '../support/deployment.js';
import { CHART, kustomize, nameOf, renderChart } from '../support/kubernetes-objects.js';
import { OPERATOR_VERSION, operatorComplaints } from '../support/operator-objects.js';
import { runTool } from '../support/run-tool.js';
import { skipWithout, skipWithoutVariable } from '../support/skip-reason.js';

const skip =
  skipWithout('helm', 'kustomize', 'kubernetes-validate') ||
  skipWithoutVariable('CONFINED_TEST_OPERATOR_MODELS');
/** The first version that takes all that the files say, and the newest one whose schemas there are. */
const KUBERNETES = ['1.30', '1.37'];
const FOLDERS = ['deploy/kubernetes/base', 'deploy/kubernetes/cri-dockerd', 'grafana/dashboards'];
/** Options of the chart that change which objects and fields there are; the dashboards are looked at once. */
const OPTIONS: readonly (readonly string[])[] = [
  [],
  ['--set=discovery=docker'],
  ['--set=ptrace=false'],
  ['--set=discovery=docker,ptrace=false'],
  [
    '--set=extraArgs={--poll.interval=5s},tolerations=null,nodeSelector=null,networkPolicy.prometheusNamespace=0',
  ],
  ['--set=podMonitor.labels.release=x,prometheusRule.labels.release=x'],
  [
    '--set-json=prometheusRule.additionalGroups=[{"name":"ours","rules":[{"alert":"Ours","expr":"up == 0"}]}]',
  ],
].map((options, index) => (index === 0 ? options : [...options, '--set=dashboards.enabled=false']));

for (const kubernetes of KUBERNETES) {
  for (const folder of FOLDERS) {
    t.test(`Kubernetes ${kubernetes} takes every object of ${folder}`, { skip }, async t => {
      checkObjects(t, kustomize(folder), kubernetes);
    });
  }
  for (const options of OPTIONS) {
    t.test(
      `Kubernetes ${kubernetes} takes every object of the chart ${options.join(' ')}`,
      { skip },
      async t => {
        checkObjects(t, renderChart({ kubernetes, options }), kubernetes);
      },
    );
  }
}

t.test('without appArmorProfile the oldest Kubernetes of the chart takes it', { skip }, async t => {
  const [, oldest = ''] =
    /^>=(\d+\.\d+)/.exec(String(readDocument(`${CHART}/Chart.yaml`)['kubeVersion'])) ?? [];
  checkObjects(t, renderChart({ kubernetes: oldest, options: ['--set=appArmorUnconfined=false'] }), oldest);
});

t.test('the Prometheus operator takes all of its objects', { skip }, async t => {
  const all = [
    ...FOLDERS.flatMap(folder => kustomize(folder)),
    ...OPTIONS.flatMap(options => renderChart({ options })),
  ];
  const objects = all.filter(isOfOperator);
  t.ok(objects.length > OPTIONS.length * 2, objects.map(nameOf).join(', '));
  t.strictSame(operatorComplaints(objects), []);
});

t.test('the schemas find mistakes', { skip }, async t => {
  const objects = kustomize('deploy/kubernetes/base');
  const changed = (from: RegExp, to: string): Fields[] =>
    JSON.parse(JSON.stringify(objects).replace(from, to)) as Fields[];
  t.match(schemaComplaints(t, changed(/"hostPID"/, '"hostPid"'), '1.30'), [/hostPid/]);
  t.match(schemaComplaints(t, changed(/"DaemonSet"/, '"DaemonSets"'), '1.30'), [/DaemonSets/]);
  t.match(schemaComplaints(t, objects, '1.25'), [/appArmorProfile/]);
  const mistaken = changed(/"interval":"15s"/, '"interval":"15 s"').filter(isOfOperator);
  const text = JSON.stringify(mistaken)
    .replace('"sampleLimit"', '"sampleLimits"')
    .replace('"for":', '"fore":');
  t.match(operatorComplaints(JSON.parse(text) as Fields[]), [
    /"sampleLimits"' does not exist in type 'IPodMonitorSpec'/,
    /"fore"' does not exist in type 'IRule'/,
    /interval must match pattern/,
  ]);
});

function checkObjects(t: Test, objects: readonly Fields[], kubernetes: string): void {
  t.strictSame(schemaComplaints(t, objects, kubernetes), [], objects.map(nameOf).join(', '));
}

function isOfOperator({ apiVersion }: Fields): boolean {
  return apiVersion === OPERATOR_VERSION;
}

/** What the schemas of a version of Kubernetes have against its own objects among these. */
function schemaComplaints(t: Test, all: readonly Fields[], kubernetes: string): string[] {
  const objects = all.filter(object => !isOfOperator(object));
  const text = objects.map(object => JSON.stringify(object)).join('\n---\n');
  const file = join(t.testdir({ 'objects.yaml': text }), 'objects.yaml');
  const { output } = runTool('kubernetes-validate', ['--strict', `--kubernetes-version=${kubernetes}`, file]);
  const lines = output.trim().split('\n');
  const complaints = lines.filter(line => !/^INFO .* passed for resource .* against version /.test(line));
  // It ends with 0 where it has no schema of an object.
  return complaints.length === 0 && lines.length < objects.length ? ['not all are known'] : complaints;
}
