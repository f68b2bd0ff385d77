import type { IdMapping } from '../../parse/id-map.js';
import type { ProcessUser } from './process.js';

/** How many user ids there are: all but the highest, which stands for none (user_namespaces(7)). */
const ALL_IDS = 4_294_967_295;

/**
 * Translates a process's effective user id, which the kernel tells as the reader's user namespace sees it, into that
 * of the process's own by its `uid_map`.
 */
export function processUser(
  hostUid: number | undefined,
  uidMap: readonly IdMapping[] | undefined,
): ProcessUser {
  if (uidMap === undefined) return { hostUid, containerUid: undefined, remapped: undefined };
  return {
    hostUid,
    containerUid: hostUid === undefined ? undefined : insideOf(hostUid, uidMap),
    remapped: !uidMap.some(
      ({ firstInside, firstOutside, count }) => firstInside === 0 && firstOutside === 0 && count === ALL_IDS,
    ),
  };
}

/** Absent for an id that the namespace has no number for. */
function insideOf(uid: number, uidMap: readonly IdMapping[]): number | undefined {
  for (const { firstInside, firstOutside, count } of uidMap)
    if (uid >= firstOutside && uid < firstOutside + count) return firstInside + (uid - firstOutside);
  return undefined;
}
