import t from 'tap';
import { hostInfoRecorder } from '../../src/metrics/host-info.js';
import type { HostInfo } from '../../src/metrics/host-info.js';
import { createSelfRegistry } from '../../src/metrics/registry.js';
import { parseExposition } from '../support/exposition.js';
import type { Series } from '../support/exposition.js';

const HOST: HostInfo = {
  kernelRelease: '6.18.0-0-amd64',
  securityModules: ['capability', 'yama', 'apparmor'],
  cgroup: 'v2',
  hasSeccomp: true,
  lastCapability: 40,
  dockerVersion: '25.0.3',
  securityOptions: ['name=apparmor', 'name=seccomp,profile=builtin'],
  mayTrace: true,
};
const NOTHING: HostInfo = {
  kernelRelease: undefined,
  securityModules: undefined,
  cgroup: undefined,
  hasSeccomp: undefined,
  lastCapability: undefined,
  dockerVersion: undefined,
  securityOptions: undefined,
  mayTrace: false,
};

/** What is said of the host after these were recorded. */
async function recorded(...hosts: HostInfo[]): Promise<readonly Series[]> {
  const registry = createSelfRegistry({ defaultMetrics: false });
  const record = hostInfoRecorder(registry);
  for (const host of hosts) record(host);
  return parseExposition(await registry.render('text')).series.filter(
    ({ name }) => name === 'confined_host_info',
  );
}

const LABELS = {
  kernel: '6.18.0-0-amd64',
  lsm: 'capability,yama,apparmor',
  cgroup: 'v2',
  seccomp: 'yes',
  last_capability: '40',
  docker_version: '25.0.3',
  security_options: 'apparmor;seccomp,profile=builtin',
  ptrace: 'yes',
};

t.test('a host of which all is known', async t => {
  t.strictSame(await recorded(HOST), [{ name: 'confined_host_info', labels: LABELS, value: 1 }]);
});

t.test('what is not known is empty, and what is not there is no', async t => {
  const [series] = await recorded(NOTHING);
  const said = Object.entries(series?.labels ?? {}).filter(([, value]) => value !== '');
  t.strictSame(said, [['ptrace', 'no']]);
  t.equal((await recorded({ ...HOST, hasSeccomp: false }))[0]?.labels['seccomp'], 'no');
});

t.test('there is one series, whatever changes', async t => {
  t.equal((await recorded(HOST, HOST)).length, 1);
  const changed = await recorded(HOST, { ...HOST, dockerVersion: '26.0.0' });
  t.strictSame(
    changed.map(({ labels }) => labels),
    [{ ...LABELS, docker_version: '26.0.0' }],
  );
  t.strictSame(
    (await recorded(HOST, NOTHING, HOST)).map(({ labels }) => labels),
    [LABELS],
  );
});
