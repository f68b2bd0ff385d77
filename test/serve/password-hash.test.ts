import t from 'tap';

import { decoyHash, passwordHashProblem } from '../../src/serve/password-hash.js';

const DIGEST = 'QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

t.test('bcrypt hashes of every mark and sensible cost', async t => {
  for (const head of ['$2a$04$', '$2b$10$', '$2y$12$', '$2y$18$']) {
    t.equal(passwordHashProblem(head + DIGEST), undefined, head);
  }
});

t.test('what is no bcrypt hash is refused with the fix and without the value', async t => {
  for (const hash of [
    'doe',
    '',
    `$2x$10$${DIGEST}`,
    `$2y$03$${DIGEST}`,
    `$2y$10$${DIGEST}x`,
    '$apr1$a$b',
    '$6$x$y',
  ]) {
    t.match(passwordHashProblem(hash), /not a bcrypt hash: make one with htpasswd -nBC 10/, hash);
    if (hash.length > 3) t.notOk(passwordHashProblem(hash)?.includes(hash), 'not shown');
  }
  t.match(passwordHashProblem(`$2y$19$${DIGEST}`), /cost 19 would take minutes/);
});

t.test('the decoy costs what the costliest user costs', async t => {
  t.match(decoyHash([`$2y$04$${DIGEST}`, `$2a$12$${DIGEST}`, `$2b$10$${DIGEST}`]), '$2b$12$');
  t.equal(passwordHashProblem(decoyHash([])), undefined);
});
