import t from 'tap';
import { confinement } from '../../../src/model/process/confinement.js';
import { CONTAINER } from '../../parse/proc-status-sample.js';
import { sampleOf } from '../support.js';

const DEFAULT = 0xa80425fbn;

t.test('a default container under AppArmor', async t => {
  t.strictSame(
    sampleOf(confinement, {
      status: CONTAINER,
      'attr/apparmor/current': 'docker-default (enforce)\n',
      'attr/current': 'docker-default (enforce)\n',
    }),
    {
      seccompMode: 2,
      seccompFilters: 1,
      noNewPrivileges: true,
      capabilities: {
        inheritable: 0n,
        permitted: DEFAULT,
        effective: DEFAULT,
        bounding: DEFAULT,
        ambient: 0n,
      },
      apparmor: { profile: 'docker-default', mode: 'enforce', confined: true },
      selinux: undefined,
    },
  );
});

/** Labels of attr/current, and whether they confine (security/apparmor/label.c). */
const LABELS: [label: string, profile: string, mode: string, confined: boolean][] = [
  ['unconfined\n', 'unconfined', 'unconfined', false],
  ['docker-default (enforce)\n', 'docker-default', 'enforce', true],
  ['docker-default (complain)\n', 'docker-default', 'complain', false],
  ['docker-default (kill)\n', 'docker-default', 'kill', true],
  ['crun (unconfined)\n', 'crun', 'unconfined', false],
  ['my profile (1) (enforce)\n', 'my profile (1)', 'enforce', true],
  ['a//&b (enforce)\n', 'a//&b', 'enforce', true],
  ['a//&b (mixed)\n', 'a//&b', 'mixed', false],
  ['docker-default//&:ns1:unconfined (enforce)\n', 'docker-default//&:ns1:unconfined', 'enforce', true],
];

for (const [label, profile, mode, confined] of LABELS)
  t.test(`AppArmor label ${label.trim()}`, async t => {
    t.strictSame(sampleOf(confinement, { status: CONTAINER, 'attr/current': label })?.apparmor, {
      profile,
      mode,
      confined,
    });
  });

t.test('AppArmor answers in its own file, and another module in attr/current', async t => {
  const sample = sampleOf(confinement, {
    status: CONTAINER,
    'attr/apparmor/current': 'docker-default (enforce)\n',
    'attr/current': 'system_u:system_r:container_t:s0:c1,c2\0',
  });
  t.equal(sample?.apparmor?.profile, 'docker-default');
  t.equal(sample?.selinux?.type, 'container_t');
});

t.test('an SELinux context ends in a NUL', async t => {
  const sample = sampleOf(confinement, {
    status: CONTAINER,
    'attr/current': 'system_u:system_r:container_t:s0:c1,c2\0',
  });
  t.strictSame(sample?.selinux, {
    user: 'system_u',
    role: 'system_r',
    type: 'container_t',
    level: 's0:c1,c2',
  });
  t.equal(sample?.apparmor, undefined, 'that a module is absent is not that it leaves unconfined');
});

t.test('without a security module neither is told', async t => {
  const sample = sampleOf(confinement, { status: CONTAINER });
  t.equal(sample?.apparmor, undefined);
  t.equal(sample?.selinux, undefined);
  t.equal(sample?.seccompMode, 2);
});

t.test('what an old kernel does not tell is absent', async t => {
  const old = CONTAINER.replaceAll(/^(CapAmb|NoNewPrivs|Seccomp|Seccomp_filters):.*\n/gm, '');
  const sample = sampleOf(confinement, { status: old });
  t.equal(sample?.seccompMode, undefined);
  t.equal(sample?.seccompFilters, undefined);
  t.equal(sample?.noNewPrivileges, undefined);
  t.equal(sample?.capabilities.ambient, undefined);
  t.equal(sample?.capabilities.effective, DEFAULT);
});

t.test('a process whose status cannot be read is not confined in any known way', async t => {
  t.equal(sampleOf(confinement, {}), undefined);
  t.equal(sampleOf(confinement, { 'attr/current': 'docker-default (enforce)\n' }), undefined);
});

t.test('what was sampled once does not change with the next read', async t => {
  const status = confinement.sources.find(({ source }) => source.file === 'status')?.source;
  const first = new TextEncoder().encode(CONTAINER);
  const reading = status?.parse(first, first.length, undefined);
  const host = { deviceName: () => '' };
  const sample = confinement.assemble({ status: reading }, host);
  const second = new TextEncoder().encode(CONTAINER.replaceAll('a80425fb', '00000000'));
  const later = confinement.assemble({ status: status?.parse(second, second.length, reading) }, host);
  t.equal(sample?.capabilities.effective, DEFAULT);
  t.equal(later?.capabilities.effective, 0n);
});
