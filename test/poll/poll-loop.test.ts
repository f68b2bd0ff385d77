import t from 'tap';
import { runPollLoop } from '../../src/poll/poll-loop.js';
import { openScene } from './support.js';

t.test('it polls in its interval until it is told to stop', async t => {
  const scene = await openScene(t, 'v2-systemd-apparmor');
  const stopping = new AbortController();
  const slept: number[] = [];
  const sleep = async (seconds: number): Promise<void> => {
    slept.push(seconds);
    scene.time.seconds += seconds;
    if (slept.length === 3) stopping.abort();
  };
  await runPollLoop(scene.poller, 10, { sleep }, error => t.fail(String(error)), stopping.signal);
  t.strictSame(slept, [10, 10, 10]);
  t.equal(
    scene.reports.filter(report => report === 'polled').length,
    2,
    'between them it only looks at processes',
  );
});

t.test('a scrape’s own poll counts as one', async t => {
  const scene = await openScene(t, 'v2-systemd-apparmor');
  await scene.poll();
  scene.time.seconds += 4;
  const stopping = new AbortController();
  const slept: number[] = [];
  const sleep = async (seconds: number): Promise<void> => {
    slept.push(seconds);
    stopping.abort();
  };
  await runPollLoop(scene.poller, 10, { sleep }, error => t.fail(String(error)), stopping.signal);
  t.strictSame(slept, [6]);
  t.equal(scene.reports.filter(report => report === 'polled').length, 1);
});

t.test('a poll that fails is told, does not end the loop, and does not make it spin', async t => {
  const scene = await openScene(t, 'v2-systemd-apparmor');
  scene.inventory.containers = () => {
    throw new Error('no list');
  };
  const stopping = new AbortController();
  const failures: unknown[] = [];
  const slept: number[] = [];
  const sleep = async (seconds: number): Promise<void> => {
    slept.push(seconds);
    if (slept.length === 2) stopping.abort();
  };
  await runPollLoop(scene.poller, 10, { sleep }, error => failures.push(error), stopping.signal);
  t.match(failures, [{ message: 'no list' }, { message: 'no list' }]);
  t.ok(
    slept.every(seconds => seconds > 0),
    `${slept.join()} s`,
  );
});

t.test('told to stop before it began, it does not poll', async t => {
  const scene = await openScene(t, 'v2-systemd-apparmor');
  await runPollLoop(
    scene.poller,
    10,
    { sleep: () => Promise.resolve() },
    error => t.fail(String(error)),
    AbortSignal.abort(),
  );
  t.equal(scene.poller.latest, undefined);
});
