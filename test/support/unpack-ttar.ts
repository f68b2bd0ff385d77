import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseTtar, type TtarEntry } from './ttar.js';

/**
 * Lays an archive out as a tree below a directory, with every link as it was, dangling or not.
 * Synchronous, because thousands of small files take ten times as long otherwise.
 */
export function unpackTtar(archive: Buffer, directory: string): void {
  const made = new Set<string>();
  const make = (path: string) => {
    if (!made.has(path)) mkdirSync(path, { recursive: true });
    made.add(path);
  };
  for (const entry of parseTtar(archive)) {
    const path = inside(directory, entry.path);
    make(entry.kind === 'directory' ? path : dirname(path));
    place(entry, path);
  }
}

function place(entry: TtarEntry, path: string): void {
  if (entry.kind === 'symlink') symlinkSync(entry.target, path);
  if (entry.kind === 'file') writeFileSync(path, entry.content, { mode: entry.mode });
}

function inside(directory: string, path: string): string {
  const normal = normalize(path);
  if (normal.startsWith('/') || normal.split('/').includes('..')) {
    throw new Error(`ttar path leads out of its directory: ${path}`);
  }
  return join(directory, normal);
}
