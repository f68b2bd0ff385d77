import t from 'tap';
import { Glances } from '../../src/poll/glances.js';

/** Glances at a poller that says what a test says, on a clock that only the test moves. */
function openGlances() {
  const looked: string[][] = [];
  const pauses: number[] = [];
  const failures: unknown[] = [];
  const stopping = new AbortController();
  const poller = {
    settingUpNow: new Set<string>(),
    failure: undefined as Error | undefined,
    glance: async (ids: ReadonlySet<string>) => {
      if (poller.failure !== undefined) throw poller.failure;
      looked.push([...ids]);
    },
    settingUp: () => poller.settingUpNow,
  };
  let wake = (): void => undefined;
  const sleep = async (seconds: number, signal?: AbortSignal): Promise<void> => {
    pauses.push(seconds);
    await new Promise<void>(resolve => {
      wake = resolve;
      signal?.addEventListener('abort', () => resolve());
    });
  };
  const glances = new Glances(poller, { sleep }, error => failures.push(error), stopping.signal);
  return {
    glances,
    poller,
    looked,
    pauses,
    failures,
    stopping,
    /** Ends the pause, and lets whatever that causes happen. */
    pause: async () => {
      wake();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

t.test('a container is looked at once per pause, however much is started in it', async t => {
  const { glances, looked, pauses, pause } = openGlances();
  for (const id of ['web', 'db', 'web', 'web']) glances.soon(id);
  t.strictSame(looked, []);
  await pause();
  t.strictSame(looked, [['web', 'db']]);
  await glances.ended();
  t.equal(pauses.length, 1);
  t.ok(pauses[0] !== undefined && pauses[0] > 0 && pauses[0] < 1);
});

t.test('what is started later is looked at later', async t => {
  const { glances, looked, pause } = openGlances();
  glances.soon('web');
  await pause();
  glances.soon('web');
  t.equal(looked.length, 1);
  await pause();
  t.strictSame(looked, [['web'], ['web']]);
});

t.test('what was still being prepared is looked at again', async t => {
  const { glances, poller, looked, pauses, pause } = openGlances();
  poller.settingUpNow = new Set(['db']);
  glances.soon('web');
  await pause();
  t.strictSame(looked, [['web']]);
  poller.settingUpNow = new Set();
  await pause();
  t.strictSame(looked, [['web'], ['db']]);
  await glances.ended();
  t.equal(pauses.length, 2);
});

t.test('a look that fails is told, and the next one goes on', async t => {
  const { glances, poller, looked, failures, pause } = openGlances();
  poller.failure = new Error('broken');
  glances.soon('web');
  await pause();
  await glances.ended();
  t.match(failures, [{ message: 'broken' }]);
  poller.failure = undefined;
  glances.soon('web');
  await pause();
  t.strictSame(looked, [['web']]);
});

t.test('at the end nothing is looked at any more', async t => {
  const { glances, looked, stopping } = openGlances();
  glances.soon('web');
  stopping.abort();
  await glances.ended();
  t.strictSame(looked, []);
});

t.test('without anything to look at there is nothing to wait for', async t => {
  const { glances, pauses } = openGlances();
  await glances.ended();
  t.strictSame(pauses, []);
});
