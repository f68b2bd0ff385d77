import * as fc from 'fast-check';
import t from 'tap';
import { looksLikeSelinuxContext, parseSelinuxContext } from '../../src/parse/selinux.js';
import { refuses, survivesAnyText } from './support.js';

t.test('contexts', t => {
  for (const [context, user, role, type, level] of [
    ['system_u:system_r:container_t:s0:c1,c2\0', 'system_u', 'system_r', 'container_t', 's0:c1,c2'],
    ['system_u:system_r:spc_t:s0\n', 'system_u', 'system_r', 'spc_t', 's0'],
    ['u:r:t:s0-s0:c0.c1023\0\n', 'u', 'r', 't', 's0-s0:c0.c1023'],
    ['user_u:user_r:user_t', 'user_u', 'user_r', 'user_t', undefined],
  ] as const) {
    t.strictSame(parseSelinuxContext(context), { user, role, type, level }, JSON.stringify(context));
    t.ok(looksLikeSelinuxContext(context), context);
  }
  t.end();
});

const others = {
  empty: '',
  'an AppArmor label': 'docker-default (enforce)\n',
  'an AppArmor label in a namespace': ':ns:profile (enforce)\n',
  'an AppArmor label with colons': 'a:b:c (enforce)\n',
  unconfined: 'unconfined\n',
  'two fields': 'system_u:system_r\n',
  'an empty type': 'system_u:system_r::s0\n',
  'an empty level': 'system_u:system_r:container_t:\n',
  'two lines': 'u:r:t:s0\nu:r:t:s0\n',
  'a Smack label': '_\n',
};

t.test('what is no context', t => {
  refuses(t, parseSelinuxContext, others);
  for (const [name, label] of Object.entries(others)) t.notOk(looksLikeSelinuxContext(label), name);
  t.end();
});

t.test('properties', t => {
  const word = fc.stringMatching(/^[a-z_]{1,12}$/u);
  const level = fc.option(fc.stringMatching(/^s[0-9](:c[0-9]{1,3}(,c[0-9]{1,3})?)?$/u), { nil: undefined });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        word,
        word,
        word,
        level,
        fc.constantFrom('', '\0', '\n'),
        (user, role, type, level, end) => {
          const parsed = parseSelinuxContext(
            [user, role, type, ...(level === undefined ? [] : [level])].join(':') + end,
          );
          return JSON.stringify(parsed) === JSON.stringify({ user, role, type, level });
        },
      ),
    ),
  );
  survivesAnyText(t, parseSelinuxContext, ['system_u:system_r:container_t:s0:c1,c2\0']);
  t.end();
});
