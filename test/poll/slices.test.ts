import t from 'tap';
import { inSlices, sliced } from '../../src/poll/slices.js';

function* count(steps: number, done: number[]): Generator<void, void, undefined> {
  for (let step = 0; step < steps; step += 1) {
    done.push(step);
    yield;
  }
}

/** How often the event loop comes round during some work. */
async function turnsDuring(work: Promise<void>): Promise<number> {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  await work;
  clearImmediate(next);
  return turns;
}

t.test('work that takes long leaves the event loop its turns, and loses no step', async t => {
  const done: number[] = [];
  let seconds = 0;
  // Each step takes a millisecond, so that a slice has at most four.
  const turns = await turnsDuring(inSlices(count(100, done), () => (seconds += 0.001)));
  t.strictSame(
    done,
    Array.from({ length: 100 }, (_, index) => index),
  );
  t.ok(turns >= 20, `${turns} turns`);
});

t.test('what follows work of several slices begins a slice of its own', async t => {
  let seconds = 0;
  let turned = false;
  function* work(): Generator<void, void, undefined> {
    for (let step = 0; step < 6; step += 1) yield;
    setImmediate(() => (turned = true));
  }
  await inSlices(work(), () => (seconds += 0.001));
  t.ok(turned);
});

t.test('work that is done soon is done at once', async t => {
  const done: number[] = [];
  const ended = inSlices(count(100, done), () => 7);
  t.equal(done.length, 100);
  await ended;
});

t.test('what the work throws comes out, at once and later', async t => {
  let seconds = 0;
  function* broken(): Generator<void, void, undefined> {
    for (let step = 0; step < 20; step += 1) yield;
    throw new Error('broken');
  }
  await t.rejects(
    inSlices(broken(), () => (seconds += 0.001)),
    { message: 'broken' },
  );
});

t.test('no work', async t => {
  await t.resolves(inSlices([], () => 0));
});

t.test('what is handed on piece by piece leaves the event loop its turns, and loses no piece', async t => {
  let seconds = 0;
  const taken: number[] = [];
  const pieces = Array.from({ length: 100 }, (_, index) => index);
  async function takeAll(): Promise<void> {
    for await (const piece of sliced(pieces, () => (seconds += 0.001))) taken.push(piece);
  }
  const turns = await turnsDuring(takeAll());
  t.strictSame(taken, pieces);
  t.ok(turns >= 20, `${turns} turns`);
});
