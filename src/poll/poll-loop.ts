import type { Clock } from '../discover/clock.js';
import type { Poller } from './poller.js';

/** After this many intervals without a scrape a snapshot is taken anyway, before the daemon counts as not ready. */
const INTERVALS_WITHOUT_SNAPSHOT = 2;

/**
 * Looks at all processes again and again until the signal aborts, so that what lives shorter than the time between two
 * scrapes is seen too. What containers use is only read where no scrape came and did it: counters lose nothing meanwhile.
 * A scrape's own poll counts as a look.
 */
export async function runPollLoop(
  poller: Poller,
  intervalSeconds: number,
  clock: Pick<Clock, 'sleep'>,
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (poller.ageSeconds() >= intervalSeconds * INTERVALS_WITHOUT_SNAPSHOT)
        await poller.snapshot(intervalSeconds);
      else if (poller.unwatchedSeconds() >= intervalSeconds) await poller.watch();
    } catch (error) {
      onFailure(error);
    }
    // Not less than a moment, so that a poll that fails at once cannot spin.
    await clock.sleep(Math.max(0.1, intervalSeconds - poller.unwatchedSeconds()), signal);
  }
}
