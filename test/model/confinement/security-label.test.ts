import t from 'tap';
import { securityLabel } from '../../../src/model/confinement/security-label.js';

/** Labels of attr/current, and whether they confine (security/apparmor/label.c). */
const LABELS: [label: string, profile: string, mode: string, confined: boolean][] = [
  ['unconfined\n', 'unconfined', 'unconfined', false],
  ['unconfined\0', 'unconfined', 'unconfined', false],
  ['docker-default (enforce)\n', 'docker-default', 'enforce', true],
  ['docker-default (enforce)\0', 'docker-default', 'enforce', true],
  ['docker-default (complain)\n', 'docker-default', 'complain', false],
  ['docker-default (kill)\n', 'docker-default', 'kill', true],
  ['docker-default (prompt)\n', 'docker-default', 'prompt', false],
  ['docker-default (user)\n', 'docker-default', 'user', false],
  ['crun (unconfined)\n', 'crun', 'unconfined', false],
  ['my profile (1) (enforce)\n', 'my profile (1)', 'enforce', true],
  ['/usr/bin/with spaces (enforce)\n', '/usr/bin/with spaces', 'enforce', true],
  ['a//&b (enforce)\n', 'a//&b', 'enforce', true],
  ['a//&b (mixed)\n', 'a//&b', 'mixed', false],
  ['parent//hat (complain)\n', 'parent//hat', 'complain', false],
  [':ns1:inner (enforce)\n', ':ns1:inner', 'enforce', true],
  ['docker-default//&:ns1:unconfined (enforce)\n', 'docker-default//&:ns1:unconfined', 'enforce', true],
];

for (const [label, profile, mode, confined] of LABELS)
  t.test(`AppArmor label ${JSON.stringify(label)}`, async t => {
    t.strictSame(securityLabel(label, undefined), { apparmor: { profile, mode, confined } });
  });

/** Contexts of attr/current, and whether their type confines where SELinux is enforced (container-selinux, container.te). */
const CONTEXTS: [context: string, type: string, level: string | undefined, confined: boolean][] = [
  ['system_u:system_r:container_t:s0:c1,c2\0', 'container_t', 's0:c1,c2', true],
  ['system_u:system_r:svirt_lxc_net_t:s0:c1,c2\n', 'svirt_lxc_net_t', 's0:c1,c2', true],
  ['system_u:system_r:spc_t:s0\0', 'spc_t', 's0', false],
  ['system_u:system_r:unconfined_t:s0-s0:c0.c1023\0', 'unconfined_t', 's0-s0:c0.c1023', false],
  ['system_u:system_r:unconfined_service_t:s0', 'unconfined_service_t', 's0', false],
  ['system_u:system_r:container_runtime_t:s0', 'container_runtime_t', 's0', false],
  ['system_u:system_r:kernel_t:s0', 'kernel_t', 's0', false],
  ['system_u:system_r:container_t', 'container_t', undefined, true],
];

for (const [context, type, level, confined] of CONTEXTS)
  t.test(`SELinux context ${JSON.stringify(context)}`, async t => {
    const { selinux, apparmor } = securityLabel(context, true);
    t.strictSame(selinux, { user: 'system_u', role: 'system_r', type, level, confined });
    t.equal(apparmor, undefined, 'that a module is absent is not that it leaves unconfined');
    t.equal(securityLabel(context, false).selinux?.confined, false, 'permissive SELinux only logs');
    t.equal(securityLabel(context, undefined).selinux?.confined, confined ? undefined : false);
  });

t.test('what is the label of neither is refused', async t => {
  for (const label of ['', '\n', '\0', 'docker-default\n', '_ _', 'docker-default (ENFORCE)\n'])
    t.throws(() => securityLabel(label, true), { name: 'ParseError' }, JSON.stringify(label));
});
