import { spawnSync } from 'node:child_process';

/**
 * Why a test cannot run here, for tap's `skip`: the first of these programs that is not installed; false where all are. With
 * CONFINED_TEST_DOCKER=required it throws instead.
 */
export function skipWithout(...programs: readonly string[]): string | false {
  const missing = programs.find(program => spawnSync(program, ['--version']).error !== undefined);
  return missing !== undefined && reasonToSkip(`${missing} is not installed`);
}

/** The same for a variable of the environment, which tells a test where something is. */
export function skipWithoutVariable(name: string): string | false {
  return process.env[name] === undefined && reasonToSkip(`${name} is not set`);
}

function reasonToSkip(reason: string): string {
  if (process.env['CONFINED_TEST_DOCKER'] === 'required') {
    throw new Error(`CONFINED_TEST_DOCKER=required, but ${reason}`);
  }
  return reason;
}
