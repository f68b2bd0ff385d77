import { containerOfCgroup } from '../discover/cgroup-id.js';
import { listDirectory, mayHaveSubdirectories } from './files.js';

/** A host has thousands of cgroups at most; a larger or deeper tree is somebody's trick. */
const MAXIMUM_DIRECTORIES = 50_000;
const MAXIMUM_DEPTH = 16;

/** One container's cgroup as a walk of the tree finds it. */
export interface FoundCgroup {
  readonly containerId: string;
  /** Below the root of the hierarchy. */
  readonly path: string;
  readonly directory: string;
}

/** Walks one cgroup hierarchy for the cgroups of containers; cgroups below a container's are its own affair. */
export function findContainerCgroups(hierarchyDirectory: string): FoundCgroup[] {
  const found: FoundCgroup[] = [];
  let rest = MAXIMUM_DIRECTORIES;
  const walk = (path: string, depth: number): void => {
    for (const name of subdirectories(hierarchyDirectory + path, rest)) {
      rest -= 1;
      const childPath = `${path}/${name}`;
      const container = containerOfCgroup(childPath);
      if (container !== undefined)
        found.push({ containerId: container.id, path: childPath, directory: hierarchyDirectory + childPath });
      else if (depth < MAXIMUM_DEPTH) walk(childPath, depth + 1);
    }
  };
  walk('', 0);
  return found;
}

/** The directories of all cgroups below one, itself first. */
export function cgroupsBelow(directory: string, limit: number): string[] {
  const directories = [directory];
  for (let index = 0; index < directories.length && directories.length < limit; index += 1)
    for (const name of subdirectories(directories[index] ?? '', limit - directories.length))
      directories.push(`${directories[index]}/${name}`);
  return directories;
}

function subdirectories(directory: string, limit: number): string[] {
  try {
    if (limit <= 0 || !mayHaveSubdirectories(directory)) return [];
    return listDirectory(directory, limit + 1024)
      .filter(entry => entry.isDirectory)
      .map(entry => entry.name)
      .slice(0, limit);
  } catch {
    // It ended between the look and the listing: then it has no cgroups.
    return [];
  }
}
