import { spawnSync } from 'node:child_process';

/**
 * Why a test cannot run here, for tap's `skip`: the first of these programs that is not installed; false where all are. With
 * CONFINED_TEST_DOCKER=required it throws instead.
 */
export function skipWithout(...programs: readonly string[]): string | false {
  const missing = programs.find(program => spawnSync(program, ['--version']).error !== undefined);
  if (missing === undefined) return false;
  const reason = `${missing} is not installed`;
  if (process.env['CONFINED_TEST_DOCKER'] === 'required') {
    throw new Error(`CONFINED_TEST_DOCKER=required, but ${reason}`);
  }
  return reason;
}
