/** Growing, jittered pauses between attempts at something that fails. */
export interface Backoff {
  nextSeconds(): number;
  /** After a success: the next pause is a short one again. */
  reset(): void;
}

export interface BackoffOptions {
  /** The shortest pause. */
  readonly minSeconds: number;
  /** The longest pause. */
  readonly maxSeconds: number;
  /** Uniform in [0, 1), as Math.random. */
  readonly random: () => number;
}

/**
 * Every pause lies between half of a ceiling and the ceiling; the ceiling starts at twice the
 * shortest pause and doubles up to the longest, so that a fleet does not come back in step.
 */
export function createBackoff({ minSeconds, maxSeconds, random }: BackoffOptions): Backoff {
  let ceiling = 2 * minSeconds;
  return {
    nextSeconds() {
      const top = Math.min(ceiling, maxSeconds);
      ceiling = Math.min(2 * ceiling, maxSeconds);
      return Math.max(Math.min(minSeconds, maxSeconds), (top * (1 + random())) / 2);
    },
    reset() {
      ceiling = 2 * minSeconds;
    },
  };
}
