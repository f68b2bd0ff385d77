import { readdirSync, readFileSync } from 'node:fs';

/** containerd and its shims, which outlive a dockerd that was killed, and the containers of those shims. */
export function processesOf(directory: string): number[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  const own = pids.filter(pid => readQuietly(`/proc/${pid}/cmdline`).includes(directory));
  const containers = pids.filter(pid =>
    readQuietly(`/proc/${pid}/mountinfo`).includes(`upperdir=${directory}`),
  );
  return [...new Set([...own, ...containers])].map(Number).filter(pid => pid !== process.pid);
}

/** The mount points below a directory, the innermost first. */
export function mountsBelow(directory: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[4] ?? '')
    .filter(mountPoint => mountPoint.startsWith(`${directory}/`))
    .reverse();
}

/** Empty where it cannot be read. */
export function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Also where it has ended already. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
