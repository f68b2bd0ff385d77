import { createHmac, randomBytes } from 'node:crypto';

import { decoyHash } from './password-hash.js';

/** `busy`: too many passwords wait to be checked; ask again later. */
export type Verdict = 'allowed' | 'denied' | 'busy';

/** Checks an `Authorization` header against user names and their bcrypt hashes. */
export type BasicAuth = (
  users: ReadonlyMap<string, string>,
  authorization: string | undefined,
) => Promise<Verdict>;

const MAX_CACHED = 100;
const MAX_WAITING = 16;

/**
 * Builds a check that remembers its verdicts under a keyed hash, never the password. A user that does not exist
 * costs as much as one that does, provided that all hashes have the same cost.
 * @param clock monotonic, in seconds
 */
export function createBasicAuth(clock: () => number): BasicAuth {
  const secret = randomBytes(32);
  const compareInTurn = comparer(clock);
  const allowed = new Set<string>();
  const denied = new Set<string>();
  const waiting = new Map<string, Promise<Verdict>>();

  async function check(
    key: string,
    password: string,
    hash: string | undefined,
    decoy: string,
  ): Promise<Verdict> {
    const matches = await compareInTurn(password, hash ?? decoy);
    const verdict = matches && hash !== undefined ? 'allowed' : 'denied';
    remember(verdict === 'allowed' ? allowed : denied, key);
    return verdict;
  }

  return async (users, authorization) => {
    const credentials = parseBasic(authorization);
    if (credentials === undefined) return 'denied';
    const { user, password } = credentials;
    const hash = users.get(user);
    const key = createHmac('sha256', secret)
      .update(JSON.stringify([user, hash ?? '', password]))
      .digest('base64');
    if (allowed.has(key)) return 'allowed';
    if (denied.has(key)) return 'denied';
    const running = waiting.get(key);
    if (running !== undefined) return await running;
    if (waiting.size >= MAX_WAITING) return 'busy';
    const verdict = check(key, password, hash, decoyHash(users.values())).finally(() => waiting.delete(key));
    waiting.set(key, verdict);
    return await verdict;
  };
}

/**
 * Compares one password at a time, with a rest as long as the work after each, so that a flood of wrong passwords
 * gets no more than half of the process.
 */
function comparer(clock: () => number): (password: string, hash: string) => Promise<boolean> {
  let queue: Promise<unknown> = Promise.resolve();
  return async (password, hash) => {
    let seconds = 0;
    const turn = queue.then(async () => {
      // Most daemons never check a password.
      const { compare } = await import('bcryptjs');
      const startSeconds = clock();
      const matches = await compare(password, hash);
      seconds = clock() - startSeconds;
      return matches;
    });
    queue = turn.then(
      async () => await rest(seconds),
      () => undefined,
    );
    return await turn;
  };
}

async function rest(seconds: number): Promise<void> {
  await new Promise(resolve => {
    setTimeout(resolve, seconds * 1000);
  });
}

/** Allowed and denied verdicts are kept apart, so that wrong passwords cannot push out the right ones. */
function remember(verdicts: Set<string>, key: string): void {
  const [oldest] = verdicts;
  if (oldest !== undefined && verdicts.size >= MAX_CACHED) verdicts.delete(oldest);
  verdicts.add(key);
}

function parseBasic(authorization: string | undefined): { user: string; password: string } | undefined {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '') ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}
