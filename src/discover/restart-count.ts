import type { Container } from './container.js';

/** What a restart counter must remember of a container between two inspects. */
export interface RestartCount {
  readonly restarts: number;
  readonly runtimeCount: number;
  readonly startedAtSeconds: number | undefined;
  /** The runtime has counted a restart whose start is still to come. */
  readonly startPending: boolean;
}

/**
 * Restarts after the next inspect. The runtime's own count leaves out starts by hand and goes back to 0 at
 * one, so a changed start time counts as well; whichever saw more wins, and the result never goes back.
 */
export function countRestarts(
  previous: RestartCount | undefined,
  runtimeCount: number,
  { state, startedAtSeconds }: Pick<Container, 'state' | 'startedAtSeconds'>,
): RestartCount {
  return {
    restarts:
      previous === undefined
        ? runtimeCount
        : previous.restarts + restartsSince(previous, runtimeCount, startedAtSeconds),
    runtimeCount,
    startedAtSeconds: startedAtSeconds ?? previous?.startedAtSeconds,
    startPending: state === 'restarting',
  };
}

function restartsSince(
  previous: RestartCount,
  runtimeCount: number,
  startedAtSeconds: number | undefined,
): number {
  const startedAgain =
    previous.startedAtSeconds !== undefined &&
    startedAtSeconds !== undefined &&
    startedAtSeconds !== previous.startedAtSeconds;
  const uncounted = startedAgain && !previous.startPending ? 1 : 0;
  return Math.max(runtimeCount - previous.runtimeCount, uncounted, 0);
}
