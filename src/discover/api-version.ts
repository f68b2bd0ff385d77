/** The newest version of the Docker Engine API that this program was written against. */
const NEWEST: readonly [number, number] = [1, 53];

/**
 * The version to put into request paths. None while the daemon's own newest is one that we know, because
 * paths without a version mean exactly that; else the newest that we know.
 */
export function pathVersion(daemonVersion: string | undefined): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(daemonVersion ?? '');
  if (match === null) {
    return undefined;
  }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const newer = major > NEWEST[0] || (major === NEWEST[0] && minor > NEWEST[1]);
  return newer ? NEWEST.join('.') : undefined;
}

/**
 * The version that a daemon names when it turns a request down for its version: `client version 1.53 is too
 * new. Maximum supported API version is 1.41`, or the same with too old and minimum.
 */
export function versionNamedIn(message: string): string | undefined {
  return /supported API version is (\d{1,3}\.\d{1,3})/.exec(message)?.[1];
}
