import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecordedHost } from './recorded-host.js';

/** Above all that was recorded. */
const FIRST_PID = 1_000_000;

/** The id of the n-th container that `multiplyContainers` makes. */
export function manifoldId(index: number): string {
  return index.toString(16).padStart(8, '0').padEnd(64, 'c');
}

/** The cgroup v2 directories of a recorded host's containers. */
export function containerCgroups(host: RecordedHost): string[] {
  return readdirSync(host.cgroupfs, { recursive: true, encoding: 'utf8' })
    .filter(path => /docker-[0-9a-f]{64}\.scope$/.test(path))
    .map(path => join(host.cgroupfs, path));
}

/**
 * Gives a recorded host with cgroup v2 and systemd this many containers more, each with the files of one that was
 * recorded and one process of its own. Docker does not know them: they are to be found with `--discovery=cgroup`.
 */
export function multiplyContainers(host: RecordedHost, count: number): void {
  const [original] = containerCgroups(host);
  if (original === undefined) throw new Error(`${host.name} has no container of systemd's`);
  const process = join(
    host.procfs,
    readFileSync(join(original, 'cgroup.procs'), 'utf8').split('\n')[0] ?? '',
  );
  for (let index = 0; index < count; index += 1) {
    const name = `docker-${manifoldId(index)}.scope`;
    const pid = FIRST_PID + index;
    copyOf(original, join(dirname(original), name), { 'cgroup.procs': `${pid}\n` });
    copyOf(process, join(host.procfs, `${pid}`), { cgroup: `0::/system.slice/${name}\n` });
  }
}

/** A directory with the same files, some of them with a content of their own. */
function copyOf(original: string, directory: string, own: Readonly<Record<string, string>>): void {
  mkdirSync(directory);
  for (const entry of readdirSync(original, { withFileTypes: true }))
    if (entry.isFile() && own[entry.name] === undefined)
      linkSync(join(original, entry.name), join(directory, entry.name));
  for (const [name, content] of Object.entries(own)) writeFileSync(join(directory, name), content);
}
