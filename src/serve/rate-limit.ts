/** At most `burst` requests at once, and one more each interval. */
export interface RateLimit {
  readonly intervalSeconds: number;
  readonly burst: number;
}

/** A token bucket, full at first. */
export interface TokenBucket {
  readonly limit: RateLimit;
  /** Takes a token if there is one. */
  take(): boolean;
}

/** Builds a bucket that is filled by the given monotonic clock, in seconds. */
export function createTokenBucket(limit: RateLimit, clock: () => number): TokenBucket {
  let tokens = limit.burst;
  let filledAt = clock();
  return {
    limit,
    take() {
      const now = clock();
      tokens = Math.min(limit.burst, tokens + (now - filledAt) / limit.intervalSeconds);
      filledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
