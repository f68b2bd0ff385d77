import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { createInspectQueue } from '../../src/discover/inspect-queue.js';

t.test('a few at a time, each once', async t => {
  let [running, most, runs] = [0, 0, 0];
  const queue = createInspectQueue(3, async () => {
    running += 1;
    runs += 1;
    most = Math.max(most, running);
    await delay(1);
    running -= 1;
  });
  for (let number = 0; number < 50; number += 1) {
    queue.add(`id${number % 25}`);
  }
  await queue.idle();
  t.equal(most, 3);
  // The first three ran already when they were added again.
  t.equal(runs, 28);
});

t.test('what is added while it runs, however often, runs once more, and never twice at a time', async t => {
  const log: string[] = [];
  const queue = createInspectQueue(8, async id => {
    log.push(`begin ${id}`);
    await delay(5);
    log.push(`end ${id}`);
  });
  queue.add('a');
  for (let round = 0; round < 100; round += 1) {
    queue.add('a');
  }
  await queue.idle();
  t.same(log, ['begin a', 'end a', 'begin a', 'end a']);
});

t.test('what is cleared does not run, and nobody waits for it', async t => {
  const ran: string[] = [];
  const queue = createInspectQueue(1, async id => {
    ran.push(id);
    await delay(5);
  });
  queue.add('a');
  queue.add('b');
  const idle = queue.idle();
  queue.clear();
  await idle;
  t.same(ran, ['a']);
});

t.test('an idle queue answers at once', async t => {
  await createInspectQueue(1, async () => undefined).idle();
  t.pass();
});
