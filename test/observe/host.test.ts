import t from 'tap';
import { hostRecorder } from '../../src/observe/host.js';
import { NO_HOST_CONFINEMENT } from '../../src/poll/confinement/host-confinement.js';
import type { HostFacts } from '../../src/poll/host.js';
import { record } from './recording.js';

const FACTS: HostFacts = {
  mounts: [],
  hierarchies: [{ version: 2, controllers: [], directory: '/sys/fs/cgroup', root: '/' }],
  cpuCores: 4,
  memoryBytes: 8e9,
  bootedAtSeconds: 1,
  confinement: { ...NO_HOST_CONFINEMENT, kernelRelease: '6.18.0', mayTrace: true },
};
const NONE = { mnt: 0, pid: 0, net: 0, ipc: 0, uts: 0, user: 0, cgroup: 0, time: 0 };

t.test('what is known of the host', async t => {
  const { registry, exposition } = record();
  const recordHost = hostRecorder(registry);
  recordHost(FACTS, undefined, { ...NONE, mnt: 2 });
  const said = await exposition();
  t.equal(said.value('machine_cpu_cores'), 4);
  t.equal(said.value('machine_memory_bytes'), 8e9);
  t.equal(
    said.value('confined_host_info', { kernel: '6.18.0', cgroup: 'v2', docker_version: '', ptrace: 'yes' }),
    1,
  );
  t.equal(said.value('confined_unmanaged_namespaces', { namespace: 'mnt' }), 2);
  t.equal(said.value('confined_unmanaged_namespaces', { namespace: 'net' }), 0);
  t.equal(said.values('confined_unmanaged_namespaces').length, 8);
});

t.test('what is no longer known is absent', async t => {
  const { registry, exposition } = record();
  const recordHost = hostRecorder(registry);
  recordHost(FACTS, undefined, NONE);
  const unknown = { ...FACTS, cpuCores: undefined, memoryBytes: undefined, confinement: NO_HOST_CONFINEMENT };
  recordHost(unknown, undefined, undefined);
  const said = await exposition();
  t.strictSame(said.values('machine_cpu_cores'), []);
  t.strictSame(said.values('machine_memory_bytes'), []);
  t.strictSame(said.values('confined_unmanaged_namespaces'), []);
  t.equal(said.value('confined_host_info', { kernel: '', ptrace: 'no' }), 1);
});

t.test('Docker says of the host what its files do not', async t => {
  const { registry, exposition } = record();
  const docker = {
    engine: 'docker',
    version: '25.0.3',
    apiVersion: '1.44',
    kernelVersion: '5.10.0',
    securityOptions: ['name=apparmor', 'name=seccomp,profile=builtin'],
  } as Parameters<ReturnType<typeof hostRecorder>>[1];
  const recordHost = hostRecorder(registry);
  recordHost(FACTS, docker, undefined);
  const labels = { docker_version: '25.0.3', security_options: 'apparmor;seccomp,profile=builtin' };
  t.equal((await exposition()).value('confined_host_info', { ...labels, kernel: '6.18.0' }), 1);
  recordHost({ ...FACTS, confinement: NO_HOST_CONFINEMENT }, docker, undefined);
  t.equal((await exposition()).value('confined_host_info', { ...labels, kernel: '5.10.0' }), 1);
});
