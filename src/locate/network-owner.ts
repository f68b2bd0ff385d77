import type { Container } from '../discover/container.js';

/** A running container and the inode of its network namespace, where that could be read. */
export interface NetworkMember {
  readonly container: Container;
  readonly namespaceInode: number | undefined;
}

/**
 * The containers whose network namespace is counted for them: each namespace once, at its owner. Owner is the one
 * that did not join another's (`--network container:…`), and among several the one that started first, such as a
 * pod's sandbox. Host networking is nobody's. Where neither the inode nor the configuration says whose a namespace
 * is, nobody counts it: the host's traffic must not show as a container's.
 */
export function networkOwners(
  members: readonly NetworkMember[],
  hostNamespaceInode: number | undefined,
): ReadonlySet<string> {
  const owners = new Map<number | string, Container>();
  for (const { container, namespaceInode } of members) {
    if (!mayOwn(container, namespaceInode, hostNamespaceInode)) continue;
    const namespace = namespaceInode ?? container.id;
    const owner = owners.get(namespace);
    if (owner === undefined || startedBefore(container, owner)) owners.set(namespace, container);
  }
  return new Set([...owners.values()].map(container => container.id));
}

function mayOwn(container: Container, inode: number | undefined, hostInode: number | undefined): boolean {
  const mode = container.configuration.networkMode;
  if (mode === 'host' || mode?.startsWith('container:') === true) return false;
  if (inode !== undefined && hostInode !== undefined) return inode !== hostInode;
  return mode !== undefined;
}

function startedBefore(container: Container, other: Container): boolean {
  return (container.startedAtSeconds ?? Infinity) < (other.startedAtSeconds ?? Infinity);
}
