import { spawnSync } from 'node:child_process';

/**
 * Why there is no promtool here, for tap's `skip`; false where there is one. With CONFINED_TEST_DOCKER=required it throws
 * instead.
 */
export function promtoolSkipReason(): string | false {
  if (spawnSync('promtool', ['--version']).error === undefined) return false;
  const reason = 'promtool is not installed';
  if (process.env['CONFINED_TEST_DOCKER'] === 'required') {
    throw new Error(`CONFINED_TEST_DOCKER=required, but ${reason}`);
  }
  return reason;
}

/** Runs promtool; answers its exit status and all that it printed. */
export function promtool(...commandLine: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', commandLine, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
