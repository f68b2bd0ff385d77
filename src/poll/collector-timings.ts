import { SAMPLED_COLLECTORS } from './reporter.js';
import type { Collector } from './reporter.js';

/** Adds up how long each collector took in one poll, over all containers. */
export class CollectorTimings {
  readonly seconds: Record<Collector, number>;
  private last = 0;

  private readonly monotonicSeconds: () => number;

  constructor(monotonicSeconds: () => number) {
    this.monotonicSeconds = monotonicSeconds;
    this.seconds = Object.fromEntries(SAMPLED_COLLECTORS.map(collector => [collector, 0])) as Record<
      Collector,
      number
    >;
  }

  /** Starts the clock for the next lap. */
  start(): void {
    this.last = this.monotonicSeconds();
  }

  /** The time since the last lap went to this collector. */
  lap(collector: Collector): void {
    const now = this.monotonicSeconds();
    this.seconds[collector] += now - this.last;
    this.last = now;
  }
}
