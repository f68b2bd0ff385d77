import { setTimeout as sleep } from 'node:timers/promises';

import { hash } from 'bcryptjs';
import t from 'tap';

import { createBasicAuth, type BasicAuth } from '../../src/serve/basic-auth.js';

const clock = () => performance.now() / 1000;
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function costSeconds(check: BasicAuth, users: Map<string, string>, header: string): Promise<number> {
  await sleep(400);
  const start = clock();
  await check(users, header);
  return clock() - start;
}

/** Of "secret:with colon", as htpasswd, PHP and OpenBSD mark theirs. */
async function hashesOf(password: string, cost = 4): Promise<string[]> {
  const made = (await hash(password, cost)).slice(4);
  return ['$2a$', '$2b$', '$2y$'].map(prefix => prefix + made);
}

t.test('fault 52: $2a$, $2b$ and $2y$ hashes', async t => {
  const check = createBasicAuth(clock);
  for (const hashed of await hashesOf('secret:with colon')) {
    const users = new Map([['alice', hashed]]);
    t.equal(await check(users, basic('alice', 'secret:with colon')), 'allowed', hashed);
    t.equal(await check(users, basic('alice', 'secret')), 'denied', hashed);
  }
});

t.test('a hash that htpasswd made', async t => {
  const users = new Map([['carol', '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi']]);
  t.equal(await createBasicAuth(clock)(users, basic('carol', 'fakepassword')), 'allowed');
});

t.test('fault 52: absent, wrong, of another user, or malformed', async t => {
  const check = createBasicAuth(clock);
  const users = new Map([
    ['alice', await hash('for alice', 4)],
    ['bob', await hash('for bob', 4)],
  ]);
  const denied = [
    undefined,
    '',
    'Basic',
    'Basic ',
    'Bearer abc',
    'Basic !!!!',
    `Basic ${Buffer.from('alice').toString('base64')}`,
    basic('alice', ''),
    basic('', 'for alice'),
    basic('alice', 'for bob'),
    basic('Alice', 'for alice'),
    basic('__proto__', 'x'),
    basic('nobody', 'fakepassword'),
  ];
  for (const header of denied) t.equal(await check(users, header), 'denied', String(header));
  t.equal(await check(users, basic('bob', 'for bob')), 'allowed');
  t.equal(
    await check(users, basic('bob', 'for bob').replace('Basic', 'bASIC')),
    'allowed',
    'the scheme in any case',
  );
});

t.test('fault 52: an unknown user costs as much time as a known one', async t => {
  const check = createBasicAuth(clock);
  const users = new Map([['alice', await hash('right', 10)]]);
  const known = await costSeconds(check, users, basic('alice', 'wrong'));
  const unknown = await costSeconds(check, users, basic('mallory', 'wrong'));
  t.ok(unknown > known / 3 && unknown < known * 3, `${unknown} s against ${known} s`);
});

t.test('fault 52: a verdict is remembered, a changed hash is not confused with the old one', async t => {
  const check = createBasicAuth(clock);
  const users = new Map([['alice', await hash('right', 10)]]);
  const first = await costSeconds(check, users, basic('alice', 'right'));
  const second = await costSeconds(check, users, basic('alice', 'right'));
  t.ok(second < first / 10, `${second} s after ${first} s`);
  t.equal(await check(new Map([['alice', await hash('new', 4)]]), basic('alice', 'right')), 'denied');
  t.equal(await check(new Map(), basic('alice', 'right')), 'denied', 'nor a removed user');
});

t.test('wrong passwords in any number do not push out the right one', async t => {
  const check = createBasicAuth(clock);
  const users = new Map([['alice', await hash('right', 8)]]);
  const first = await costSeconds(check, users, basic('alice', 'right'));
  for (let attempt = 0; attempt < 120; attempt += 1) {
    t.equal(
      await check(new Map([['alice', '$2b$04$' + 'x'.repeat(53)]]), basic('alice', `${attempt}`)),
      'denied',
    );
  }
  t.ok((await costSeconds(check, users, basic('alice', 'right'))) < first / 3);
});

t.test('a flood of wrong passwords is told to come back, and leaves time for everything else', async t => {
  const check = createBasicAuth(clock);
  const users = new Map([['alice', await hash('right', 9)]]);
  const verdicts = Promise.all(
    Array.from({ length: 100 }, async (_, attempt) => await check(users, basic('alice', `wrong ${attempt}`))),
  );
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 5);
  const counts = { allowed: 0, denied: 0, busy: 0 };
  for (const verdict of await verdicts) counts[verdict] += 1;
  clearInterval(ticking);
  t.same(counts, { allowed: 0, denied: 16, busy: 84 });
  t.ok(turns > 20, `${turns} other turns of the event loop`);
});

t.test('the same password asked for many times at once is compared once', async t => {
  const check = createBasicAuth(clock);
  const users = new Map([['alice', await hash('right', 10)]]);
  const one = await costSeconds(createBasicAuth(clock), users, basic('alice', 'right'));
  const start = clock();
  const verdicts = await Promise.all(
    Array.from({ length: 40 }, async () => await check(users, basic('alice', 'right'))),
  );
  t.ok(verdicts.every(verdict => verdict === 'allowed'));
  t.ok(clock() - start < one * 5);
});
