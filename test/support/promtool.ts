import { spawnSync } from 'node:child_process';

/** Runs promtool; answers its exit status and all that it printed. */
export function promtool(...commandLine: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', commandLine, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
