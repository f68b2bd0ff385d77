import { setTimeout as delay } from 'node:timers/promises';

/** Time as discovery needs it; tests pass their own. */
export interface Clock {
  /** Unix time, may jump. */
  nowSeconds(): number;
  /** From any origin, never jumps. */
  monotonicSeconds(): number;
  /** Resolves when the time is over or the signal aborts; never rejects. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowSeconds: () => Date.now() / 1000,
  monotonicSeconds: () => performance.now() / 1000,
  sleep: (seconds, signal) => delay(seconds * 1000, undefined, { signal }).catch(() => undefined),
};
