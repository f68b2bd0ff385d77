import t from 'tap';
import { CONFINEMENT_METRICS } from '../../src/metrics/confinement.js';
import type { ProcessConfinement } from '../../src/model/sample.js';
import { expose } from './support.js';

const UNKNOWN: ProcessConfinement = {
  seccompMode: undefined,
  seccompFilters: undefined,
  noNewPrivileges: undefined,
  capabilities: {
    effective: undefined,
    permitted: undefined,
    inheritable: undefined,
    bounding: undefined,
    ambient: undefined,
  },
  apparmor: undefined,
  selinux: undefined,
};

const init = (of: Partial<ProcessConfinement>) =>
  expose(CONFINEMENT_METRICS, { confinement: { processes: [{ ...UNKNOWN, ...of }] } });

t.test('what is not known reads as nothing, never as confined or unconfined', async t => {
  t.strictSame(init({}).series, []);
  t.strictSame(expose(CONFINEMENT_METRICS, {}).series, []);
  t.strictSame(expose(CONFINEMENT_METRICS, { confinement: { processes: [] } }).series, []);
});

t.test('seccomp and no new privileges', async t => {
  const said = init({ seccompMode: 2, seccompFilters: 1, noNewPrivileges: true });
  t.equal(said.value('container_seccomp_mode', { scope: 'init' }), 2);
  t.equal(said.value('container_seccomp_filters', { scope: 'init' }), 1);
  t.equal(said.value('container_no_new_privileges', { scope: 'init' }), 1);
  const none = init({ seccompMode: 0, noNewPrivileges: false });
  t.equal(none.value('container_seccomp_mode'), 0);
  t.equal(none.value('container_no_new_privileges'), 0);
});

t.test('capabilities', async t => {
  const capabilities = { ...UNKNOWN.capabilities, effective: 0n, bounding: 0x20000a82425fbn };
  const said = init({ capabilities });
  t.equal(said.value('container_capabilities', { set: 'effective', scope: 'init' }), 0);
  t.equal(said.value('container_capabilities', { set: 'bounding', scope: 'init' }), 16);
  t.equal(said.value('container_capabilities_mask', { set: 'bounding' }), 0x20000a82425fb);
  t.strictSame(
    said.series
      .filter(one => one.name === 'container_capability_extra')
      .map(one => [one.labels['set'], one.labels['capability'], one.value]),
    [
      ['bounding', 'CAP_SYS_ADMIN', 1],
      ['bounding', 'CAP_49', 1],
    ],
    'unknown bits are not dropped',
  );
  t.strictSame(said.values('container_capabilities', { set: 'ambient' }), []);
});

t.test('security modules', async t => {
  const apparmor = init({ apparmor: { profile: 'docker-default', mode: 'complain', confined: false } });
  t.equal(apparmor.value('container_apparmor_confined'), 0);
  t.equal(
    apparmor.value('container_apparmor_profile_info', { profile: 'docker-default', mode: 'complain' }),
    1,
  );
  t.strictSame(apparmor.values('container_selinux_info'), []);
  const context = { user: 'system_u', role: 'system_r', type: 'container_t', level: 's0:c1,c2' };
  const selinux = init({ selinux: context });
  t.equal(selinux.value('container_selinux_info', context), 1);
  t.strictSame(selinux.values('container_apparmor_confined'), []);
  const noLevel = init({ selinux: { ...context, level: undefined } });
  t.notOk('level' in (noLevel.series[0]?.labels ?? {}));
});
