import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TtarEntry } from '../../support/ttar.js';

/**
 * What has been read from the running host so far. Paths are relative to the host's root. What cannot be
 * read stays out of the archive and is remembered with its errno, pids and container ids replaced by `*`.
 */
export class Recording {
  readonly #entries = new Map<string, TtarEntry>();
  readonly #unreadable = new Map<string, string>();
  readonly #editors: readonly ContentEditor[];

  constructor(editors: readonly ContentEditor[]) {
    this.#editors = editors;
  }

  /** A file that has a read permission; others (write-only controls) and directories are passed over. */
  file(path: string): void {
    this.#attempt(path, () => {
      const stats = lstatSync(`/${path}`);
      if (!stats.isFile() || (stats.mode & 0o444) === 0) return;
      const content = this.#edited(path, readFileSync(`/${path}`));
      this.#add({ kind: 'file', path, mode: stats.mode & 0o777, content });
    });
  }

  /** That something is there: an empty file or directory stands for it. */
  presence(path: string): void {
    this.#attempt(path, () => {
      if (lstatSync(`/${path}`).isDirectory()) this.#addDirectory(path);
      else this.#add({ kind: 'file', path, mode: 0o444, content: Buffer.alloc(0) });
    });
  }

  symlink(path: string): void {
    this.#attempt(path, () => this.#add({ kind: 'symlink', path, target: readlinkSync(`/${path}`) }));
  }

  /** Names in a directory, which is itself recorded; nothing when it cannot be listed. */
  list(path: string): string[] {
    const names = this.#attempt(path, () => readdirSync(`/${path}`).toSorted()) ?? [];
    if (names.length > 0) this.#addDirectory(path);
    return names;
  }

  /** Directories come before what is in them. */
  entries(): TtarEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => compare(a.path, b.path));
  }

  /** What a file said when it was recorded; empty when it was not. */
  text(path: string): string {
    const entry = this.#entries.get(path);
    return entry?.kind === 'file' ? entry.content.toString('latin1') : '';
  }

  /** errno by path pattern. */
  unreadable(): Record<string, string> {
    return Object.fromEntries([...this.#unreadable].toSorted(([a], [b]) => compare(a, b)));
  }

  #attempt<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      if (code !== 'ENOENT') this.#unreadable.set(pattern(path), code);
      return undefined;
    }
  }

  #edited(path: string, content: Buffer): Buffer {
    let text = content.toString('latin1');
    for (const editor of this.#editors) if (editor.path.test(path)) text = editor.edit(text);
    return Buffer.from(text, 'latin1');
  }

  #add(entry: TtarEntry): void {
    this.#addDirectory(dirname(entry.path));
    this.#entries.set(entry.path, entry);
  }

  #addDirectory(path: string): void {
    if (path === '.' || this.#entries.has(path)) return;
    this.#addDirectory(dirname(path));
    this.#entries.set(path, { kind: 'directory', path, mode: 0o755 });
  }
}

/** A change to what a file says, for what belongs to the recording machine and not to the host. */
export interface ContentEditor {
  readonly path: RegExp;
  readonly edit: (text: string) => string;
}

function pattern(path: string): string {
  return path.replaceAll(/[0-9a-f]{64}/g, '*').replaceAll(/(?<=\/)\d{2,}(?=\/|$)/g, '*');
}

function compare(a: string, b: string): number {
  const left = a.replaceAll('/', '\0');
  const right = b.replaceAll('/', '\0');
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
