import { DockerError } from './docker-error.js';

export interface DeadlineOptions {
  readonly seconds: number;
  /** Ends the work early. */
  readonly signal: AbortSignal | undefined;
  /** What takes so long, for the message: `GET /info at unix:///var/run/docker.sock`. */
  readonly what: string;
}

/**
 * The result of the work, or DockerError `timeout` once the time is over. The work's signal aborts then, but
 * its promise is not waited for: with docker-modem it may never settle.
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { seconds, signal, what } = options;
  const controller = new AbortController();
  let giveUp: (error: DockerError) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = error => {
      reject(error);
      controller.abort(error);
    };
  });
  const stop = (): void => giveUp(new DockerError('other', `${what} was given up`));
  const timer = setTimeout(() => giveUp(new DockerError('timeout', overdue(options))), seconds * 1000);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted === true) {
      stop();
    }
    return await Promise.race([givenUp, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function overdue({ what, seconds }: DeadlineOptions): string {
  return `${what} was not answered in full within ${seconds} s: the Docker daemon hangs or is overloaded`;
}
