import type { Container } from '../discover/container.js';
import { expectedPath } from '../locate/locate.js';

/**
 * Remembers where containers' cgroups were, so that a container that does not run keeps the `id` that it has when it
 * runs. For one that was never seen running, others show where this daemon puts its containers.
 */
export class KnownPaths {
  #paths = new Map<string, string>();
  #example: { readonly id: string; readonly path: string } | undefined;

  /** A running container's cgroup was found at this path. */
  seen({ id, configuration }: Container, path: string): void {
    if (this.#paths.get(id) === path) return;
    this.#paths.set(id, path);
    if (!hasParent(configuration.cgroupParent)) this.#example = { id, path };
  }

  /** Where the container's cgroup was, or would be. */
  pathOf({ id, configuration }: Container, cgroupDriver: string | undefined): string {
    const known = this.#paths.get(id);
    if (known !== undefined) return known;
    if (this.#example === undefined || hasParent(configuration.cgroupParent))
      return expectedPath(id, cgroupDriver, configuration.cgroupParent);
    return this.#example.path.replace(this.#example.id, id);
  }

  /** Forgets containers that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#paths.keys()) if (!ids.has(id)) this.#paths.delete(id);
  }
}

function hasParent(cgroupParent: string | undefined): boolean {
  return cgroupParent !== undefined && cgroupParent !== '';
}
