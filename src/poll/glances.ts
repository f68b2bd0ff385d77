import type { Clock } from '../discover/clock.js';
import type { Poller } from './poller.js';

/** After this long a runtime has prepared most processes that it was told to start. */
const FIRST_SECONDS = 0.15;
/** How long to wait for one that was still being prepared. */
const AGAIN_SECONDS = 0.5;

/**
 * Looks at containers shortly after something was started in them, without waiting for the next poll. However many
 * events come, a container is looked at once per pause.
 */
export class Glances {
  #due = new Set<string>();
  #waiting: Promise<void> | undefined;

  readonly #poller: Pick<Poller, 'glance' | 'settingUp'>;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #onFailure: (error: unknown) => void;
  readonly #signal: AbortSignal;

  constructor(
    poller: Pick<Poller, 'glance' | 'settingUp'>,
    clock: Pick<Clock, 'sleep'>,
    onFailure: (error: unknown) => void,
    signal: AbortSignal,
  ) {
    this.#poller = poller;
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#signal = signal;
  }

  /** Something was started in a container, or may have been. */
  soon(containerId: string): void {
    this.#due.add(containerId);
    this.#waiting ??= this.#glance().finally(() => (this.#waiting = undefined));
  }

  /** Resolves when no look is under way or waited for. */
  async ended(): Promise<void> {
    await this.#waiting;
  }

  async #glance(): Promise<void> {
    for (let pause = FIRST_SECONDS; this.#due.size > 0; pause = AGAIN_SECONDS) {
      await this.#clock.sleep(pause, this.#signal);
      if (this.#signal.aborted) return;
      const ids = this.#due;
      this.#due = new Set();
      try {
        await this.#poller.glance(ids);
      } catch (error) {
        this.#onFailure(error);
        continue;
      }
      for (const id of this.#poller.settingUp()) this.#due.add(id);
    }
  }
}
