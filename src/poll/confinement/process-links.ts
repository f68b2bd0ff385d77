import { NAMESPACE_KINDS } from '../../model/confinement/namespace-kinds.js';
import type { NamespaceKind } from '../../model/confinement/namespace-kinds.js';
import type { Namespaces } from '../../model/confinement/process.js';
import { parseNamespaceLink } from '../../parse/namespace-link.js';
import { readFailure, readLink } from '../../read/files.js';
import type { ReadFailure } from '../../read/files.js';

/** A value, or why there is none. */
export type Told<Value> = { readonly value: Value } | { readonly failure: ReadFailure };

/** The namespaces of a process (`/proc/<pid>/ns`, namespaces(7)). A kind that this kernel does not have is absent. */
export function readNamespaces(processDirectory: string): Told<Namespaces> {
  const namespaces: Partial<Record<NamespaceKind, number>> = {};
  let found = false;
  for (const kind of NAMESPACE_KINDS)
    try {
      namespaces[kind] = parseNamespaceLink(readLink(`${processDirectory}/ns/${kind}`)).inode;
      found = true;
    } catch (error) {
      const failure = readFailure(error);
      if (failure !== 'missing') return { failure };
    }
  return found ? { value: namespaces } : { failure: 'missing' };
}

/** The root directory of a process as this process sees it (`/proc/<pid>/root`). */
export function readRootDirectory(processDirectory: string): Told<string> {
  try {
    return { value: readLink(`${processDirectory}/root`) };
  } catch (error) {
    return { failure: readFailure(error) };
  }
}
