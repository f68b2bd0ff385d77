import * as fc from 'fast-check';
import t from 'tap';
import { parseAppArmorLabel } from '../../src/parse/apparmor.js';
import { refuses, survivesAnyText } from './support.js';

const member = (name: string, namespace?: string) => ({ namespace, name });

t.test('labels', t => {
  for (const [label, profile, mode, members] of [
    ['docker-default (enforce)\n', 'docker-default', 'enforce', [member('docker-default')]],
    ['unconfined\n', 'unconfined', undefined, [member('unconfined')]],
    ['unconfined', 'unconfined', undefined, [member('unconfined')]],
    ['crun (unconfined)\n', 'crun', 'unconfined', [member('crun')]],
    ['snap.lxd.daemon (complain)\0', 'snap.lxd.daemon', 'complain', [member('snap.lxd.daemon')]],
    ['a (kill)\n', 'a', 'kill', [member('a')]],
    ['a (user)\n', 'a', 'user', [member('a')]],
    ['a (prompt)\n', 'a', 'prompt', [member('a')]],
    ['a (some-new_mode)\n', 'a', 'some-new_mode', [member('a')]],
    ['a//&b (mixed)\n', 'a//&b', 'mixed', [member('a'), member('b')]],
    ['a//&unconfined (enforce)\n', 'a//&unconfined', 'enforce', [member('a'), member('unconfined')]],
    ['--- (-)\n', '---', '-', [member('---')]],
    ['---\n', '---', undefined, [member('---')]],
    [':ns:profile (enforce)\n', ':ns:profile', 'enforce', [member('profile', 'ns')]],
    [':ns1//ns2:profile (enforce)\n', ':ns1//ns2:profile', 'enforce', [member('profile', 'ns1//ns2')]],
    [':ns://profile (enforce)\n', ':ns://profile', 'enforce', [member('profile', 'ns')]],
    [':ns1:unconfined\n', ':ns1:unconfined', undefined, [member('unconfined', 'ns1')]],
    [
      'docker-default//&:ns1:unconfined (enforce)\n',
      'docker-default//&:ns1:unconfined',
      'enforce',
      [member('docker-default'), member('unconfined', 'ns1')],
    ],
    ['parent//hat (enforce)\n', 'parent//hat', 'enforce', [member('parent//hat')]],
    ['/usr/bin/with spaces (enforce)\n', '/usr/bin/with spaces', 'enforce', [member('/usr/bin/with spaces')]],
    ['odd (enforce) (complain)\n', 'odd (enforce)', 'complain', [member('odd (enforce)')]],
    ['unconfined (unconfined)\n', 'unconfined', 'unconfined', [member('unconfined')]],
  ] as const) {
    t.strictSame(parseAppArmorLabel(label), { profile, mode, members }, JSON.stringify(label));
  }
  t.end();
});

t.test('what is no AppArmor label', t => {
  refuses(t, parseAppArmorLabel, {
    empty: '',
    newline: '\n',
    'a profile without a mode': 'docker-default\n',
    'a stack of which one member is confined, without a mode': 'unconfined//&docker-default\n',
    'an SELinux context': 'system_u:system_r:container_t:s0:c1,c2\0',
    'a mode only': ' (enforce)\n',
    'an empty member': 'a//& (enforce)\n',
    'an empty mode': 'a ()\n',
    'a namespace only': ':ns: (enforce)\n',
    'a Smack label': '_\n',
  });
  t.end();
});

t.test('properties', t => {
  const name = fc.stringMatching(/^[a-zA-Z0-9/_. ()-]{0,20}[a-z]$/u).filter(name => !name.includes('//'));
  const members = fc.array(
    fc.record({ namespace: fc.option(fc.stringMatching(/^[a-z]{1,8}$/u), { nil: undefined }), name }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const mode = fc.constantFrom('enforce', 'complain', 'kill', 'unconfined', 'user', 'mixed');
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(members, mode, (members, mode) => {
        const profile = members
          .map(({ namespace, name }) => (namespace === undefined ? name : `:${namespace}:${name}`))
          .join('//&');
        const label = parseAppArmorLabel(`${profile} (${mode})\n`);
        return (
          label.profile === profile &&
          label.mode === mode &&
          JSON.stringify(label.members) === JSON.stringify(members)
        );
      }),
    ),
  );
  survivesAnyText(t, parseAppArmorLabel, [
    'docker-default (enforce)\n',
    'a//&:ns:b (mixed)\n',
    'unconfined\n',
  ]);
  t.end();
});
