import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { at, fields, filesBelow, list, readDocument, readText, strings } from '../support/deployment.js';
import { runTool, type ToolAnswer } from '../support/run-tool.js';
import { skipWithout } from '../support/skip-reason.js';

const FOLDER = 'deploy/prometheus';
const configurations = filesBelow(FOLDER, /^deploy\/prometheus\/[a-z-]+\.yml$/).filter(
  path => 'scrape_configs' in readDocument(path),
);
const isAgent = (path: string): boolean => path.includes('/agent-');
/** What keeps a container with many names and labels from filling the database. */
const LIMITS = ['sample_limit', 'label_limit', 'label_value_length_limit', 'body_size_limit'];
/** How each file finds its targets. */
const DISCOVERY: Readonly<Record<string, string>> = {
  'agent-mimir': 'static_configs',
  'agent-thanos': 'static_configs',
  compose: 'static_configs',
  'docker-sd': 'docker_sd_configs',
  'dockerswarm-sd': 'dockerswarm_sd_configs',
  kubernetes: 'kubernetes_sd_configs',
  prometheus: 'static_configs',
};

t.strictSame(
  configurations,
  Object.keys(DISCOVERY).map(name => `${FOLDER}/${name}.yml`),
  'all are known',
);

for (const path of configurations) {
  const name = path.replace(/^.*\/|\.yml$/g, '');
  const configuration = readDocument(path);
  const [job = {}, ...others] = list(configuration['scrape_configs']).map(fields);

  t.test(`${name} scrapes confined, within limits`, async t => {
    t.equal(job['job_name'], 'confined');
    t.ok(DISCOVERY[name] !== undefined && DISCOVERY[name] in job, `by ${DISCOVERY[name]}`);
    const [shown = {}] = list(at(readDocument(`${FOLDER}/prometheus.yml`), 'scrape_configs')).map(fields);
    for (const limit of LIMITS) t.strictSame(job[limit] ?? 'none', shown[limit], limit);
    for (const { job_name, static_configs } of others) {
      t.ok(static_configs, `${String(job_name)} is beside it in Compose`);
    }
    for (const target of list(job['static_configs']).flatMap(item => strings(at(item, 'targets')))) {
      t.match(target, /:10401$/);
    }
    for (const discovery of [...list(job['docker_sd_configs']), ...list(job['dockerswarm_sd_configs'])]) {
      t.equal(at(discovery, 'port'), 10_401);
      t.match(at(discovery, 'host'), /^unix:/);
    }
  });

  t.test(`${name} says how to check it`, async t => {
    const options = isAgent(path) ? '--agent --syntax-only ' : '';
    t.match(readText(path), `promtool check config ${options}${name}.yml`);
  });

  t.test(`${name} passes promtool`, { skip: skipWithout('promtool') }, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'confined-prometheus-config-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const file = join(folder, `${name}.yml`);
    const options = isAgent(path) ? ['--agent', '--syntax-only'] : [];
    for (const rules of strings(configuration['rule_files']))
      copyFileSync(join(FOLDER, rules), join(folder, rules));
    writeFileSync(file, readText(path));
    const first = check(...options, file);
    if (!/field kubernetes_sd_configs not found/.test(first.output)) {
      t.equal(first.status, 0, first.output);
      return;
    }
    // Debian builds Prometheus without Kubernetes: the rest of the file is checked with a target in its place.
    t.equal(name, 'kubernetes');
    const [before = '', after = ''] = readText(path).split(/ {4}kubernetes_sd_configs:\n(?: {6}.*\n)+/);
    writeFileSync(file, `${before}    static_configs: [{ targets: ['localhost:10401'] }]\n${after}`);
    const second = check(file);
    t.equal(second.status, 0, second.output);
  });
}

t.test('Kubernetes is asked for the pods of the manifests', async t => {
  const [job] = list(readDocument(`${FOLDER}/kubernetes.yml`)['scrape_configs']);
  t.match(list(at(job, 'kubernetes_sd_configs')), [
    {
      role: 'pod',
      namespaces: { names: ['confined'] },
      selectors: [{ role: 'pod', label: 'app.kubernetes.io/name=confined' }],
    },
  ]);
});

t.test('the agents send to one address each, with a password from a file', async t => {
  for (const path of configurations.filter(isAgent)) {
    const configuration = readDocument(path);
    const [remote, ...others] = list(configuration['remote_write']).map(fields);
    t.strictSame(others, []);
    t.match(remote, { url: /^https:\/\/[a-z-]+\.example\.com\/api\/v1\/(push|receive)$/ });
    t.type(at(remote, 'basic_auth', 'password_file'), 'string');
    t.notOk(/password: /.test(readText(path)));
    t.ok(at(configuration, 'global', 'external_labels', 'host'), 'hosts can be told apart');
    t.notOk(configuration['rule_files'] ?? configuration['alerting'], 'an agent has neither');
  }
});

function check(...options: readonly string[]): ToolAnswer {
  return runTool('promtool', ['check', 'config', ...options]);
}
