import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ROOT } from './deployment.js';

/** What a program said, and the exit status that it ended with: null where it was killed. */
export interface ToolAnswer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, one after the other. */
  readonly output: string;
}

/** Runs a program in the root of the repository. Throws only where there is no such program. */
export function runTool(
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ToolAnswer {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd: fileURLToPath(ROOT),
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr, output: stdout + stderr };
}

/** What a program wrote to its standard output; throws with its complaint where it fails. */
export function outputOf(program: string, ...words: readonly string[]): string {
  const { status, stdout, output } = runTool(program, words);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${output}`);
  return stdout;
}
