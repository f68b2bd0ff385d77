import type { TaskStates } from '../sample.js';

/** The kernel's one-letter states (fs/proc/array.c) in cAdvisor's words; zombies and dead tasks are in none. */
const STATE_NAMES: Readonly<Record<string, keyof TaskStates>> = {
  R: 'running',
  S: 'sleeping',
  I: 'sleeping',
  D: 'uninterruptible',
  T: 'stopped',
  t: 'stopped',
};

/** Counts tasks by state. */
export function taskStatesOf(states: readonly string[]): TaskStates {
  const counts = { sleeping: 0, running: 0, stopped: 0, uninterruptible: 0 };
  for (const state of states) {
    const name = STATE_NAMES[state];
    if (name !== undefined) counts[name] += 1;
  }
  return counts;
}

/** The limits that cAdvisor exports: the kernel's name of each, and cAdvisor's. */
export const EXPORTED_LIMITS = [{ kernelName: 'Max open files', name: 'max_open_files' }] as const;
