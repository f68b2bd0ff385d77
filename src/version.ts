import { readTextFile } from './read/files.js';

/** What `--version` and `confined_build_info` say. */
export interface BuildInfo {
  readonly version: string;
  /** The commit that an image was built from; empty for a build from a working tree. */
  readonly revision: string;
}

/** Reads both from the package's own package.json; an image's build writes the commit there, as npm does at publishing. */
export function readBuildInfo(): BuildInfo {
  const text = readTextFile(new URL('../package.json', import.meta.url).pathname);
  const { version, gitHead = '' } = JSON.parse(text) as { version: string; gitHead?: string };
  return { version, revision: gitHead };
}
