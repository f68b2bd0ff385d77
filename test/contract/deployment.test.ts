import { existsSync, readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { loadConfig } from '../../src/config/load.js';
import { OPTIONS } from '../../src/config/options.js';
import {
  at,
  fields,
  filesBelow,
  list,
  parseDocuments,
  readDocument,
  readDocuments,
  readText,
  strings,
} from '../support/deployment.js';
import { ROOT, type Fields } from '../support/deployment.js';
import { alternatives, NEEDED_PATHS, recordRequests } from '../support/proxy-rules.js';
import { runTool } from '../support/run-tool.js';
import { skipWithout } from '../support/skip-reason.js';

const STACKS = ['deploy/compose.yaml', 'deploy/swarm.yaml'] as const;
const PROXY = /^wollomatic\/socket-proxy:/;
const SOCKET = '/var/run/docker.sock';
const version = String(at(JSON.parse(readText('package.json')), 'version'));

t.test('every YAML file of the deployment is valid', async t => {
  const templates = 'deploy/kubernetes/chart/templates/';
  const files = ['deploy', 'grafana'].flatMap(folder => filesBelow(folder, /\.ya?ml$/));
  t.ok(files.length > STACKS.length);
  for (const path of files) if (!path.startsWith(templates)) t.doesNotThrow(() => readDocuments(path), path);
});

t.test('every option that a page of the deployment names is one', async t => {
  const names = new Set<string>(OPTIONS.map(({ name }) => name));
  const groups = [...new Set([...names].filter(name => name.includes('.')).map(name => name.split('.')[0]))];
  const mention = new RegExp(`--(?:no-)?((?:${groups.join('|')})\\.[a-z.-]*[a-z])`, 'g');
  for (const path of filesBelow('deploy', /\.(md|ya?ml|service|tpl|txt)$/)) {
    const foreign = /--(config\.file|storage\.|web\.enable|cluster\.)/;
    for (const [flag, name] of readText(path).matchAll(mention)) {
      if (!foreign.test(flag)) t.ok(names.has(name ?? ''), `${flag} in ${path}`);
    }
  }
});

t.test('links of the pages about deployment lead somewhere', async t => {
  for (const page of ['README.md', 'SECURITY.md', 'deploy/README.md']) {
    for (const [, target = ''] of readText(page).matchAll(/\]\(((?!https?:)[^)]+)\)/g)) {
      const url = new URL(target, new URL(page, ROOT));
      const anchor = url.hash.slice(1);
      url.hash = '';
      const exists = existsSync(url);
      t.ok(exists, `${target} in ${page}`);
      if (exists && anchor !== '') t.ok(anchorsOf(url).includes(anchor), `${target} in ${page}`);
    }
  }
});

t.test('a proxy lets through what the client asks for and nothing else', async t => {
  const asked = await recordRequests();
  t.strictSame([...new Set(asked.map(({ method }) => method))], ['GET']);
  const shapes = asked.map(({ path }) =>
    path
      .replace(/^\/v1\.\d+/, '')
      .replace(/[0-9a-f]{64}/, '[a-f0-9]{64}')
      .slice(1),
  );
  t.strictSame(new Set(alternatives(NEEDED_PATHS)), new Set(shapes));
  t.ok(
    asked.some(({ path }) => /^\/v1\.\d+\//.test(path)),
    'with a version as well',
  );
  const allowed = new RegExp(`^${NEEDED_PATHS}$`);
  t.ok(asked.every(({ path }) => allowed.test(path)));
  for (const path of [
    '/containers/json/x',
    `/containers/${'a'.repeat(64)}/archive`,
    '/_ping',
    '/images/json',
  ]) {
    t.notMatch(path, allowed);
  }
  t.match(readText('SECURITY.md'), `\n^${NEEDED_PATHS}$\n`, 'as SECURITY.md says');
});

for (const path of STACKS) {
  const stack = readDocument(path);
  const services = Object.entries(fields(stack['services'])).map(([name, value]): [string, Fields] => [
    name,
    fields(value),
  ]);
  t.test(path, async t => {
    for (const [name, service] of services) {
      t.test(`${name} is hardened`, async t => {
        t.equal(service['read_only'], true);
        t.strictSame(service['cap_drop'], ['ALL']);
        t.strictSame(
          strings(service['cap_add']),
          path.endsWith('compose.yaml') && name === 'confined' ? ['SYS_PTRACE'] : [],
        );
        t.equal(service['privileged'], undefined);
        t.type(service['user'], 'string', 'a user is chosen');
        t.notOk(service['devices']);
        checkLimits(t, service);
        // Swarm has neither of them; `docker stack deploy` would say that it ignores them.
        const options = strings(service['security_opt']);
        if (path.endsWith('swarm.yaml')) t.strictSame([options, service['pid']], [[], undefined]);
        else t.ok(options.includes('no-new-privileges:true'));
      });

      t.test(`${name} refers to what there is`, async t => {
        const image = String(service['image']).replace(/^\$\{\w+:-(.*)\}$/, '$1');
        t.match(image, /^[a-z0-9./-]+:v?\d+\.\d+\.\d+$/, 'a version, not a branch');
        if (name === 'confined') t.equal(image, `confined:${version}`);
        for (const other of Object.keys(fields(service['depends_on']))) t.ok(at(stack, 'services', other));
        for (const network of strings(service['networks']))
          t.ok(network in fields(stack['networks']), network);
        for (const { source } of list(service['configs']).map(fields))
          t.ok(at(stack, 'configs', String(source)));
        for (const mount of strings(service['volumes'])) checkMount(t, stack, mount);
      });

      t.test(`${name} is open on the loopback address only`, async t => {
        for (const port of strings(service['ports'])) t.match(port, /^127\.0\.0\.1:\d+:\d+$/);
        t.notOk(service['network_mode'] === 'host');
      });
    }

    t.test('only proxies have the socket, and they let through what they are for', async t => {
      for (const [name, service] of services) {
        const isProxy = PROXY.test(String(service['image']));
        const mounted = strings(service['volumes']).some(mount => mount.startsWith(SOCKET));
        t.equal(mounted, isProxy, name);
        if (!isProxy) continue;
        const rules = strings(service['command']).filter(
          word => word.startsWith('-allow') && word.includes('='),
        );
        const expected =
          name === 'docker-proxy'
            ? [`-allowGET=${NEEDED_PATHS}`]
            : ['-allowHEAD=/_ping', '-allowGET=(/v1\\.[0-9]+)?/(_ping|nodes|services|tasks|networks)'];
        t.strictSame(rules, expected, name);
      }
    });

    t.test('confined understands its options and finds what they name', async t => {
      const confined = at(stack, 'services', 'confined');
      const result = loadConfig({ argv: strings(at(confined, 'command')), env: {}, readTextFile: readText });
      if (result.kind !== 'config') {
        t.fail('not a configuration', result);
        return;
      }
      const { pathProcfs, pathCgroupfs, dockerHost, discovery } = result.config;
      const targets = new Map(
        strings(at(confined, 'volumes')).map(mount => {
          const [source, target, mode] = mount.split(':');
          return [target ?? '', [source, mode]];
        }),
      );
      t.strictSame(targets.get(pathProcfs), ['/proc', 'ro']);
      t.strictSame(targets.get(pathCgroupfs), ['/sys/fs/cgroup', 'ro']);
      t.equal(discovery, 'docker');
      const directory = JSON.stringify(dockerHost).match(/\/run\/[a-z-]+/)?.[0] ?? '';
      const [volume] = targets.get(directory) ?? [];
      const proxy = at(stack, 'services', 'docker-proxy');
      t.ok(
        strings(at(proxy, 'volumes')).includes(`${volume}:${directory}`),
        'where the proxy puts its socket',
      );
      t.ok(strings(at(proxy, 'command')).includes(`-proxysocketendpoint=${directory}/docker.sock`));
    });
  });
}

for (const path of STACKS) {
  t.test(`the loader of Compose takes ${path}`, { skip: skipWithout('compose-config') }, async t => {
    const { status, stdout, stderr } = runTool('compose-config', [path]);
    t.equal(status, 0, stderr);
    const [loaded = {}] = parseDocuments(stdout, path);
    t.strictSame(
      Object.keys(fields(loaded['services'])),
      Object.keys(fields(readDocument(path)['services'])).sort(),
    );
  });
}

// The one of Debian, which is older than many, and the one that a shell finds.
for (const docker of ['/usr/bin/docker', 'docker']) {
  t.test(`${docker} takes the stack, and ignores nothing of it`, { skip: skipWithout(docker) }, async t => {
    // It reads the file before it asks its daemon, and this daemon is none.
    const words = ['stack', 'deploy', '--compose-file=deploy/swarm.yaml', 'confined'];
    const { stderr } = runTool(docker, words, { DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    const said = stderr.split('\n').filter(line => line !== '' && !line.includes('--detach=false'));
    t.match(said, [/^Cannot connect to the Docker daemon at unix:\/\/\/nonexistent\/docker.sock/]);
    t.equal(said.length, 1, stderr);
  });
}

t.test('in Compose confined can see and do what all of confinement takes', async t => {
  const confined = at(readDocument('deploy/compose.yaml'), 'services', 'confined');
  t.match(confined, { pid: 'host', cgroup: 'host', user: '0:0', cap_add: ['SYS_PTRACE'] });
  t.ok(strings(at(confined, 'security_opt')).includes('apparmor=unconfined'));
  const held = Number(OPTIONS.find(({ name }) => name === 'read.held-files')?.default);
  t.ok(Number(at(confined, 'ulimits', 'nofile')) >= held + 2048);
});

t.test('the Prometheus and the Grafana of Compose ask services that there are', async t => {
  const services = fields(readDocument('deploy/compose.yaml')['services']);
  const prometheus = readDocument('deploy/prometheus/compose.yml');
  const jobs = list(prometheus['scrape_configs']);
  const groups = [...jobs, ...list(at(prometheus, 'alerting', 'alertmanagers'))].flatMap(job =>
    list(at(job, 'static_configs')),
  );
  const [datasource] = list(readDocument('grafana/provisioning/datasources/prometheus.yml')['datasources']);
  const url = new URL(String(at(datasource, 'url')));
  for (const target of [...groups.flatMap(group => strings(at(group, 'targets'))), url.host]) {
    const [host = '', port = ''] = target.replace(/^localhost/, 'prometheus').split(':');
    const published = strings(at(services[host], 'ports')).map(text => text.split(':')[2]);
    t.strictSame(published, [port], target);
  }
  t.equal(at(datasource, 'jsonData', 'timeInterval'), at(prometheus, 'global', 'scrape_interval'));
});

t.test('the Grafana of Compose has the dashboards', async t => {
  const mounts = strings(at(readDocument('deploy/compose.yaml'), 'services', 'grafana', 'volumes'));
  const [provider] = list(readDocument('grafana/provisioning/dashboards/confined.yml')['providers']);
  t.ok(mounts.includes('../grafana/provisioning:/etc/grafana/provisioning:ro'));
  t.ok(mounts.includes(`../grafana/dashboards:${String(at(provider, 'options', 'path'))}:ro`));
  t.match(provider, { type: 'file', folder: 'confined' });
});

/** What GitHub makes of the headings of a page. */
function anchorsOf(page: URL): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function checkLimits(t: Test, service: Fields): void {
  const limits = fields(at(service, 'deploy', 'resources', 'limits'));
  t.ok(service['mem_limit'] ?? limits['memory'], 'of memory');
  t.ok(service['pids_limit'] ?? limits['pids'], 'of processes');
  t.ok(service['cpus'] ?? limits['cpus'], 'of CPU time');
}

function checkMount(t: Test, stack: Fields, mount: string): void {
  const [source = '', , mode] = mount.split(':');
  if (source.startsWith('.')) {
    t.ok(existsSync(new URL(`deploy/${source}`, ROOT)), `${source} exists`);
  } else if (source.startsWith('/')) {
    t.ok([SOCKET, '/proc', '/sys/fs/cgroup'].includes(source), `${source} is known to be needed`);
  } else {
    t.ok(source in fields(stack['volumes']), `${source} is a volume`);
    return;
  }
  t.equal(mode, 'ro', `${source} cannot be written`);
}
