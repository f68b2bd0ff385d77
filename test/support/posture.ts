import type { Exposition, Series } from './exposition.js';

/** Differ from container to container and from start to start. */
const INCOMPARABLE =
  /^container_(namespace_inode|posture_changes_total|posture_last_change_timestamp_seconds)$/;
const CONFINEMENT =
  /^container_(seccomp|capabilit|apparmor|selinux|no_new|uid|root_processes|user_namespace|namespace|chrooted|rootfs|masked|sensitive|privileged|posture)/;

/** How a container is confined: the value of each series, by its name and its own labels. */
export type Posture = ReadonlyMap<string, number>;

export function postureOf(scrape: Exposition, container: string): Posture {
  const own = scrape.series.filter(
    ({ name, labels }) => labels['name'] === container && CONFINEMENT.test(name) && !INCOMPARABLE.test(name),
  );
  return new Map(own.map(series => [described(series), series.value]));
}

/** What another posture has that this one has not, in lines such as `rootfs_readonly 0 -> 1`; `-` is no series. */
export function differences(from: Posture, to: Posture): string[] {
  const names = new Set([...from.keys(), ...to.keys()]);
  return [...names]
    .filter(name => from.get(name) !== to.get(name))
    .map(name => `${name} ${from.get(name) ?? '-'} -> ${to.get(name) ?? '-'}`)
    .toSorted();
}

function described({ name, labels }: Series): string {
  const own = Object.entries(labels)
    .filter(([label]) => !['id', 'name', 'image'].includes(label))
    .map(([, value]) => value);
  return [name.replace(/^container_/, ''), ...own].join(' ');
}
