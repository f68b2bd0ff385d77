import t from 'tap';
import { holdsPrivileged, isPrivileged } from '../../../src/model/confinement/privileged.js';
import { confinedProcess, unknownProcess } from './support.js';
import type { ProcessFacts } from './support.js';

/** CapBnd of pid 1 on a host that has given up CAP_SYS_RESOURCE, as real ones do. */
const HOST = 0x1ff_feff_ffffn;
const unconfined = { apparmor: { profile: 'unconfined', mode: 'unconfined', confined: false } };

/** What --privileged makes on such a host. */
const privileged = (of: ProcessFacts = {}) =>
  confinedProcess({
    seccompMode: 0,
    label: unconfined,
    ...of,
    capabilities: { bounding: HOST, ...of.capabilities },
  });

t.test('all that the host has, no filter, no confining label', async t => {
  t.equal(isPrivileged(privileged(), HOST), true);
  t.equal(isPrivileged(privileged({ label: {} }), HOST), true, 'a host without security modules');
  t.equal(
    isPrivileged(privileged({ capabilities: { bounding: 0x1ff_ffff_ffffn } }), HOST),
    true,
    'more than that',
  );
  t.equal(
    isPrivileged(privileged({ capabilities: { effective: 0n, permitted: 0n } }), HOST),
    true,
    'a program with setuid root takes all of the bounding set',
  );
});

t.test('a single thing that is missing', async t => {
  t.equal(isPrivileged(confinedProcess(), HOST), false);
  t.equal(
    isPrivileged(privileged({ capabilities: { bounding: 0x1ff_fedf_ffffn } }), HOST),
    false,
    'CAP_SYS_ADMIN',
  );
  t.equal(isPrivileged(privileged({ seccompMode: 2 }), HOST), false);
  t.equal(isPrivileged(privileged({ seccompMode: 1 }), HOST), false);
  const enforced = { apparmor: { profile: 'docker-default', mode: 'enforce', confined: true } };
  t.equal(isPrivileged(privileged({ label: enforced }), HOST), false);
  const context = { user: 'system_u', role: 'system_r', type: 'container_t', level: 's0', confined: true };
  t.equal(isPrivileged(privileged({ label: { selinux: context } }), HOST), false);
});

t.test('capabilities that are parts of an older one are not asked for', async t => {
  // CAP_PERFMON, CAP_BPF and CAP_CHECKPOINT_RESTORE came with Linux 5.8 and 5.9, CAP_AUDIT_READ with 3.16.
  t.equal(isPrivileged(privileged({ capabilities: { bounding: 0x03f_feff_ffffn } }), HOST), true);
  t.equal(isPrivileged(privileged({ capabilities: { bounding: 0x01f_feff_ffffn } }), HOST), false);
});

t.test('labels that confine nothing', async t => {
  for (const mode of ['complain', 'unconfined', 'mixed'])
    t.equal(
      isPrivileged(privileged({ label: { apparmor: { profile: 'x', mode, confined: false } } }), HOST),
      true,
      mode,
    );
  const context = { user: 'system_u', role: 'system_r', type: 'spc_t', level: 's0', confined: false };
  t.equal(isPrivileged(privileged({ label: { selinux: context } }), HOST), true);
});

t.test('what is not known is neither', async t => {
  t.equal(isPrivileged(privileged(), undefined), undefined);
  t.equal(isPrivileged(unknownProcess({ seccompMode: 0 }), HOST), undefined);
  t.equal(isPrivileged(privileged({ label: {}, unverified: ['apparmor'] }), HOST), undefined);
  t.equal(isPrivileged(privileged({ label: {}, unverified: ['selinux'] }), HOST), undefined);
  t.equal(
    isPrivileged(confinedProcess({ unverified: ['apparmor'] }), HOST),
    false,
    'whatever its label is, its capabilities are too few',
  );
});

t.test('one process is enough', async t => {
  const [weak, strong] = [privileged(), confinedProcess()];
  const unknown = unknownProcess();
  t.equal(holdsPrivileged([strong, weak], true, HOST), true);
  t.equal(holdsPrivileged([strong, weak], false, HOST), true);
  t.equal(holdsPrivileged([strong, unknown, weak], true, HOST), true);
  t.equal(holdsPrivileged([strong, strong], true, HOST), false);
  t.equal(holdsPrivileged([strong], false, HOST), undefined, 'one that nobody saw may be');
  t.equal(holdsPrivileged([strong, unknown], true, HOST), undefined);
  t.equal(holdsPrivileged([], true, HOST), undefined);
});
