import type { Backoff } from './backoff.js';
import type { Clock } from './clock.js';
import type { DockerClient } from './docker-client.js';
import type { DockerEvent } from './docker-reply.js';

export interface EventListenerOptions {
  readonly client: Pick<DockerClient, 'events'>;
  /** The pauses between two streams. */
  readonly backoff: Backoff;
  readonly clock: Clock;
  /** A stream that lived this long was a good one: the next pause is short again. */
  readonly steadySeconds: number;
  readonly onEvent: (event: DockerEvent) => void;
  /** A stream began or ended; what happened in between was perhaps not told. */
  readonly onConnection: (connected: boolean) => void;
}

/** Keeps an event stream open. */
export interface EventListener {
  /** Listens until the signal aborts; never rejects. One run at a time. */
  run(signal: AbortSignal, actions: readonly string[] | undefined): Promise<void>;
  /** Gives up the present stream and opens another one after a pause. */
  reconnect(): void;
}

/** Events within the same second as the last one may not all have arrived. */
const OVERLAP_SECONDS = 1;

export function createEventListener(options: EventListenerOptions): EventListener {
  const { client, backoff, clock, steadySeconds } = options;
  let lastEventSeconds: number | undefined;
  let stream: AbortController | undefined;

  async function listen(signal: AbortSignal, actions: readonly string[] | undefined): Promise<void> {
    const sinceSeconds = lastEventSeconds === undefined ? undefined : lastEventSeconds - OVERLAP_SECONDS;
    const events = await client.events({ sinceSeconds, actions }, signal);
    const beganSeconds = clock.monotonicSeconds();
    options.onConnection(true);
    try {
      for await (const event of events) {
        lastEventSeconds = event.timeSeconds ?? lastEventSeconds;
        options.onEvent(event);
      }
    } finally {
      if (clock.monotonicSeconds() - beganSeconds >= steadySeconds) {
        backoff.reset();
      }
      options.onConnection(false);
    }
  }

  return {
    async run(signal, actions) {
      while (!signal.aborted) {
        const current = new AbortController();
        stream = current;
        const release = forwardAbort(signal, current);
        try {
          await listen(current.signal, actions);
        } catch {
          // Every end of a stream is answered in the same way, and the client has counted the failures.
        } finally {
          release();
          current.abort();
        }
        await clock.sleep(backoff.nextSeconds(), signal);
      }
    },
    reconnect: () => stream?.abort(),
  };
}

/** AbortSignal.any would keep every stream alive for as long as the outer signal lives. */
function forwardAbort(outer: AbortSignal, inner: AbortController): () => void {
  const forward = (): void => inner.abort();
  outer.addEventListener('abort', forward, { once: true });
  return () => outer.removeEventListener('abort', forward);
}
