import type { Clock } from '../discover/clock.js';
import type { Poller } from './poller.js';

/**
 * Polls again and again until the signal aborts, so that what lives shorter than the time between two scrapes is seen
 * too. Polls never overlap, and a scrape's own poll counts as one.
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
      await poller.snapshot(intervalSeconds);
    } catch (error) {
      onFailure(error);
    }
    // Not less than a moment, so that a poll that fails at once cannot spin.
    await clock.sleep(Math.max(0.1, intervalSeconds - poller.ageSeconds()), signal);
  }
}
