import { execFileSync } from 'node:child_process';
import type { Recording } from './recording.js';

/** One JSON row per running container, as `docker stats` prints it. */
export function dockerStatsRows(socketPath: string): string {
  return run('docker', [
    '-H',
    `unix://${socketPath}`,
    'stats',
    '--no-stream',
    '--no-trunc',
    '--format',
    '{{json .}}',
  ]);
}

/** `pid set mask=names` for each recorded process, by libcap's own tool. */
export function capshLines(recording: Recording, pids: readonly number[]): string {
  const decoded = new Map<string, string>();
  const lines: string[] = [];
  for (const pid of pids) {
    for (const [set, mask] of capabilitySets(recording.text(`proc/${pid}/status`))) {
      if (!decoded.has(mask)) decoded.set(mask, run('capsh', [`--decode=${mask}`]).trim());
      lines.push(`${pid} ${set} ${decoded.get(mask)}`);
    }
  }
  return lines.map(line => `${line}\n`).join('');
}

function capabilitySets(status: string): [string, string][] {
  return [...status.matchAll(/^(Cap(?:Eff|Bnd)):\t([0-9a-f]+)$/gm)].map(([, set = '', mask = '']) => [
    set,
    mask,
  ]);
}

function run(command: string, options: readonly string[]): string {
  try {
    return execFileSync(command, options, { encoding: 'utf8', timeout: 60_000 });
  } catch (error) {
    process.stderr.write(`${command} ${options.join(' ')}: ${String(error)}\n`);
    return '';
  }
}
