import {
  closeSync,
  existsSync,
  openSync,
  opendirSync,
  readdirSync,
  readFileSync,
  readSync,
  readlinkSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * Why a file gave no value. `missing`: this kernel or host does not have it. `gone`: the process or cgroup
 * ended. `forbidden`: this process may not read it. `unsupported`: it is there but does not answer (no LSM,
 * pressure accounting off). `descriptors`: no descriptor was free. `oversized`: more than a megabyte.
 */
export const READ_FAILURES = [
  'missing',
  'gone',
  'forbidden',
  'unsupported',
  'descriptors',
  'oversized',
  'other',
] as const;
export type ReadFailure = (typeof READ_FAILURES)[number];

const FAILURE_OF_ERRNO: Readonly<Record<string, ReadFailure>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ELOOP: 'missing',
  ENODEV: 'gone',
  ESRCH: 'gone',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EINVAL: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  ENOTSUP: 'unsupported',
  EMFILE: 'descriptors',
  ENFILE: 'descriptors',
};

/** Names the reason behind an error that a file system call threw. */
export function readFailure(error: unknown): ReadFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return FAILURE_OF_ERRNO[code] ?? 'other';
}

/** Opens a file for reading; throws the system's error. */
export function openForReading(path: string): number {
  return openSync(path, 'r');
}

/** Reads from `position` into `bytes` at `offset`; answers how many bytes came. Throws the system's error. */
export function readAt(descriptor: number, bytes: Uint8Array, offset: number, position: number): number {
  return readSync(descriptor, bytes, offset, bytes.length - offset, position);
}

export function closeDescriptor(descriptor: number): void {
  closeSync(descriptor);
}

/** The target of a symbolic link such as `/proc/1/ns/net`; throws the system's error. */
export function readLink(path: string): string {
  return readlinkSync(path);
}

/** The names in one directory, however many: for one of which it is known that they are not too many. Throws the system's error. */
export function listNames(path: string): readonly string[] {
  return readdirSync(path);
}

/**
 * The names in a directory in which anybody may make many; undefined where they are more than `most`, of which no more are
 * read unless they are made in this moment. Throws the system's error.
 */
export function listNamesUpTo(path: string, most: number): readonly string[] | undefined {
  // No directory has more names than its size, if it has one: that of /proc/<pid>/fd is their number, since Linux 6.2.
  const { size } = statSync(path);
  const areFew = size > 0 && size <= most;
  const names = areFew ? readdirSync(path) : listDirectory(path, most + 1).map(({ name }) => name);
  return names.length > most ? undefined : names;
}

/** One directory's entries, at most `limit` of them; throws the system's error. */
export function listDirectory(path: string, limit: number): { name: string; isDirectory: boolean }[] {
  const directory = opendirSync(path, { bufferSize: Math.max(1, Math.min(limit, 1024)) });
  try {
    const entries = [];
    for (
      let entry = directory.readSync();
      entry !== null && entries.length < limit;
      entry = directory.readSync()
    )
      entries.push({ name: entry.name, isDirectory: entry.isDirectory() });
    return entries;
  } finally {
    directory.closeSync();
  }
}

/**
 * Whether a directory holds directories of its own, by its link count, which kernel file systems keep as Unix always
 * has: 2, and one for each. False as well where the directory is gone; true where the file system does not count.
 */
export function mayHaveSubdirectories(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && status.nlink !== 2;
}

/** Whether something is there that this process can see. */
export function exists(path: string): boolean {
  return existsSync(path);
}

/** Size and inodes of the file system that holds `path`, in bytes and inodes (statfs(2)); throws the system's error. */
export function fileSystemUsage(path: string): FileSystemUsage {
  const { bsize, blocks, files, ffree } = statfsSync(path);
  return {
    limitBytes: blocks * bsize,
    inodesTotal: files,
    inodesFree: ffree,
  };
}

export interface FileSystemUsage {
  readonly limitBytes: number;
  readonly inodesTotal: number;
  readonly inodesFree: number;
}

/** A configuration file as text; throws the system's error. Not for kernel files: those have no size of their own. */
export function readTextFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** A configuration file or certificate as bytes; rejects with the system's error. */
export function readFileBytes(path: string): Promise<Buffer> {
  return readFile(path);
}
