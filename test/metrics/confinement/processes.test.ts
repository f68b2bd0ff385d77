import t from 'tap';
import { PROCESS_CONFINEMENT_METRICS } from '../../../src/metrics/confinement/processes.js';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import type { ProcessConfinement } from '../../../src/model/confinement/process.js';
import { confinedProcess, unknownProcess } from '../../model/confinement/support.js';
import { expose } from '../support.js';
import { confinementOf, exposeConfinement } from './support.js';

const say = (...processes: ProcessConfinement[]) =>
  exposeConfinement(PROCESS_CONFINEMENT_METRICS, confinementOf(processes));

t.test('what is not known reads as nothing, never as confined or unconfined', async t => {
  t.strictSame(
    say(unknownProcess()).series.filter(one => !one.name.startsWith('container_root_processes')),
    [],
  );
  t.strictSame(expose(PROCESS_CONFINEMENT_METRICS, {}).series, []);
  t.strictSame(say().series, []);
});

t.test('the first process, and the worst case of all', async t => {
  const said = say(
    confinedProcess({
      noNewPrivileges: true,
      user: { containerUid: 1000, hostUid: 101_000, remapped: true },
    }),
    confinedProcess({ seccompMode: 0, seccompFilters: 0, user: { containerUid: 0, hostUid: 100_000 } }),
  );
  const both = (name: string, labels = {}): number[] => [
    said.value(name, { scope: 'init', ...labels }),
    said.value(name, { scope: 'any', ...labels }),
  ];
  t.strictSame(both('container_seccomp_mode'), [2, 0]);
  t.strictSame(both('container_seccomp_filters'), [1, 0]);
  t.strictSame(both('container_no_new_privileges'), [1, 0]);
  t.strictSame(both('container_apparmor_confined'), [1, 1]);
  t.strictSame(both('container_uid', { view: 'container' }), [1000, 0]);
  t.strictSame(both('container_uid', { view: 'host' }), [101_000, 100_000]);
  t.equal(said.value('container_root_processes', { view: 'container' }), 1);
  t.equal(said.value('container_root_processes', { view: 'host' }), 0);
  t.equal(said.value('container_user_namespace_remapped'), 1);
});

t.test('how many processes are in each seccomp mode', async t => {
  const said = say(confinedProcess(), confinedProcess(), confinedProcess({ seccompMode: 1 }));
  t.strictSame(
    ['disabled', 'strict', 'filter'].map(mode => said.value('container_seccomp_processes', { mode })),
    [0, 1, 2],
  );
});

t.test('with a process that nobody saw, the first one is known all the same', async t => {
  const init = confinedProcess();
  const all = allProcesses(init, [init], false);
  const said = exposeConfinement(PROCESS_CONFINEMENT_METRICS, confinementOf([init], { all }));
  t.strictSame(said.values('container_seccomp_mode', { scope: 'init' }), [2]);
  t.strictSame(said.values('container_seccomp_mode', { scope: 'any' }), []);
  t.strictSame(said.values('container_seccomp_processes'), []);
  t.strictSame(said.values('container_root_processes'), []);
  t.strictSame(said.values('container_chrooted_processes'), []);
});

t.test('AppArmor: each profile once, with its mode', async t => {
  const said = say(
    confinedProcess(),
    confinedProcess({
      label: { apparmor: { profile: 'docker-default', mode: 'complain', confined: false } },
    }),
    confinedProcess(),
  );
  t.equal(said.value('container_apparmor_confined', { scope: 'any' }), 0);
  t.strictSame(
    said.series
      .filter(one => one.name === 'container_apparmor_profile_info')
      .map(one => [one.labels['profile'], one.labels['mode'], one.value]),
    [
      ['docker-default', 'enforce', 1],
      ['docker-default', 'complain', 1],
    ],
  );
  t.strictSame(said.values('container_selinux_confined'), []);
  t.strictSame(said.values('container_selinux_info'), []);
});

t.test('SELinux', async t => {
  const context = {
    user: 'system_u',
    role: 'system_r',
    type: 'container_t',
    level: 's0:c1,c2',
    confined: true,
  };
  const spc = { ...context, type: 'spc_t', level: undefined, confined: false };
  const said = say(
    confinedProcess({ label: { selinux: context } }),
    confinedProcess({ label: { selinux: spc } }),
  );
  t.equal(said.value('container_selinux_confined', { scope: 'init' }), 1);
  t.equal(said.value('container_selinux_confined', { scope: 'any' }), 0);
  t.equal(said.value('container_selinux_info', { type: 'container_t', level: 's0:c1,c2' }), 1);
  t.equal(said.value('container_selinux_info', { user: 'system_u', role: 'system_r', type: 'spc_t' }), 1);
  t.strictSame(said.values('container_apparmor_confined'), []);
});

t.test('chrooted processes', async t => {
  t.equal(
    say(confinedProcess(), confinedProcess({ rootDirectory: '/x' })).value('container_chrooted_processes'),
    1,
  );
});
