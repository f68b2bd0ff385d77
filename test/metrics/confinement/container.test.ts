import t from 'tap';
import { CONTAINER_CONFINEMENT_METRICS } from '../../../src/metrics/confinement/container.js';
import type { ConfinementSample } from '../../../src/model/confinement/sample.js';
import { expose } from '../support.js';
import { confinementOf, exposeConfinement } from './support.js';

const say = (of: Partial<ConfinementSample>) =>
  exposeConfinement(CONTAINER_CONFINEMENT_METRICS, confinementOf([], of));

t.test('what is not known reads as nothing', async t => {
  t.strictSame(say({}).series, []);
  t.strictSame(expose(CONTAINER_CONFINEMENT_METRICS, {}).series, []);
});

t.test('namespaces', async t => {
  const said = say({
    namespaces: [
      { kind: 'net', inode: 4026531840, hostShared: true, peers: 2, foreignProcesses: undefined },
      { kind: 'pid', inode: 4026532193, hostShared: false, peers: 0, foreignProcesses: 3 },
      {
        kind: 'time',
        inode: undefined,
        hostShared: undefined,
        peers: undefined,
        foreignProcesses: undefined,
      },
    ],
  });
  t.equal(said.value('container_namespace_inode', { namespace: 'net' }), 4026531840);
  t.equal(said.value('container_namespace_host_shared', { namespace: 'net' }), 1);
  t.equal(said.value('container_namespace_host_shared', { namespace: 'pid' }), 0);
  t.equal(said.value('container_namespace_peers', { namespace: 'net' }), 2);
  t.strictSame(said.values('container_namespace_foreign_processes'), [3]);
  t.notOk(said.series.some(({ labels }) => labels['namespace'] === 'time'));
});

t.test('mounts', async t => {
  const said = say({
    mounts: {
      rootReadonly: true,
      unprotectedPaths: 3,
      sensitive: [
        { class: 'container_socket', readonly: false },
        { class: 'etc', readonly: true },
      ],
    },
  });
  t.equal(said.value('container_rootfs_readonly'), 1);
  t.equal(said.value('container_masked_paths_missing'), 3);
  t.equal(said.value('container_sensitive_mount', { class: 'container_socket', readonly: 'false' }), 1);
  t.equal(said.value('container_sensitive_mount', { class: 'etc', readonly: 'true' }), 1);
  t.equal(said.values('container_sensitive_mount').length, 2);
  const unknown = say({ mounts: { rootReadonly: undefined, unprotectedPaths: 0, sensitive: undefined } });
  t.strictSame(unknown.values('container_rootfs_readonly'), []);
  t.strictSame(unknown.values('container_sensitive_mount'), []);
  t.equal(unknown.value('container_masked_paths_missing'), 0);
});

t.test('privileged, as it was configured and as the kernel shows it', async t => {
  const said = say({ privileged: { configured: false, kernel: true } });
  t.equal(said.value('container_privileged', { view: 'configured' }), 0);
  t.equal(said.value('container_privileged', { view: 'kernel' }), 1);
  t.strictSame(
    say({ privileged: { configured: true, kernel: undefined } }).values('container_privileged'),
    [1],
  );
});

t.test('drift: 0, 1, or nothing', async t => {
  const said = say({ drift: { seccomp: true, apparmor: false, user: undefined } });
  t.equal(said.value('container_posture_drift', { control: 'seccomp' }), 1);
  t.equal(said.value('container_posture_drift', { control: 'apparmor' }), 0);
  t.equal(said.values('container_posture_drift').length, 2);
});

t.test('what could not be verified', async t => {
  const said = say({ unverified: new Map([['namespaces', 'ns: forbidden']]) });
  t.equal(said.value('container_posture_unverified', { control: 'namespaces' }), 1);
  t.equal(said.values('container_posture_unverified').length, 1);
});

t.test('changes', async t => {
  const said = say({
    changes: new Map([
      ['seccomp', { count: 2, lastSeconds: 1_700_000_000 }],
      ['user', { count: 0, lastSeconds: undefined }],
    ]),
  });
  t.equal(said.value('container_posture_changes_total', { control: 'seccomp' }), 2);
  t.equal(said.value('container_posture_changes_total', { control: 'user' }), 0);
  t.strictSame(said.values('container_posture_last_change_timestamp_seconds'), [1_700_000_000]);
  t.equal(said.types.get('container_posture_changes_total'), 'counter');
});
