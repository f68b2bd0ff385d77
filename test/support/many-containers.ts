import { linkSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RecordedHost } from './recorded-host.js';

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
 * recorded. Docker does not know them: they are to be found with `--discovery=cgroup`.
 */
export function multiplyContainers(host: RecordedHost, count: number): void {
  const [original] = containerCgroups(host);
  if (original === undefined) throw new Error(`${host.name} has no container of systemd's`);
  const files = readdirSync(original).filter(name => statSync(join(original, name)).isFile());
  for (let index = 0; index < count; index += 1) {
    const directory = join(dirname(original), basename(original).replace(/[0-9a-f]{64}/, manifoldId(index)));
    mkdirSync(directory);
    for (const file of files) linkSync(join(original, file), join(directory, file));
  }
}
