import * as fc from 'fast-check';
import t from 'tap';
import { createBackoff } from '../../src/discover/backoff.js';

t.test('pauses grow from half a second to half a minute', async t => {
  const backoff = createBackoff({ minSeconds: 0.5, maxSeconds: 30, random: () => 0 });
  t.same(
    Array.from({ length: 8 }, () => backoff.nextSeconds()),
    [0.5, 1, 2, 4, 8, 15, 15, 15],
  );
});

t.test('after a success they are short again', async t => {
  const backoff = createBackoff({ minSeconds: 0.5, maxSeconds: 30, random: () => 0 });
  backoff.nextSeconds();
  backoff.nextSeconds();
  backoff.reset();
  t.equal(backoff.nextSeconds(), 0.5);
});

t.test('every pause stays within the limits, and chance spreads it', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 }), chances => {
        let next = 0;
        const random = (): number => chances[next++] ?? 0;
        const backoff = createBackoff({ minSeconds: 0.5, maxSeconds: 30, random });
        return chances.every(() => {
          const seconds = backoff.nextSeconds();
          return seconds >= 0.5 && seconds <= 30;
        });
      }),
    ),
  );
  const pause = (chance: number) =>
    createBackoff({ minSeconds: 0.5, maxSeconds: 30, random: () => chance }).nextSeconds();
  t.not(pause(0.1), pause(0.9));
});
