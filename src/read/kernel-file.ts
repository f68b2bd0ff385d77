import { closeDescriptor, openForReading, READ_FAILURES, readAt, readFailure } from './files.js';
import type { ReadFailure } from './files.js';

/** Kernel files stay far below this; a longer one is somebody's trick. */
const MAXIMUM_BYTES = 1 << 20;
const INITIAL_BYTES = 64 << 10;
/**
 * Files that list many records (cgroup.procs, net/dev, mountinfo) answer at most about a page at a time, so an
 * answer this long may have a rest. Shorter ones are whole, which spares a second call for nearly every file.
 */
const PERHAPS_PARTIAL_BYTES = 3072;

/**
 * Which files get the descriptors there are: `first` those of processes, which must be checked to be the same process's
 * whenever they were opened anew; `rest` other files of every poll; `never` those that are read rarely.
 */
export type Hold = 'first' | 'rest' | 'never';

/**
 * Reads kernel files through descriptors that stay open: a positioned read costs a tenth of open, read and close,
 * and an open descriptor can never show a reused pid's or cgroup's data. At most `budget` are held; past that a
 * file is opened for each read, one that comes first in place of another.
 */
export class KernelFiles {
  /** Where the last read left the file's content; reused by the next one. */
  bytes: Uint8Array = new Uint8Array(INITIAL_BYTES);
  held = 0;
  /** Held ones that give way to a file that comes first. */
  private readonly yielding = new Set<KernelFile>();

  readonly budget: number;

  constructor(budget: number) {
    this.budget = budget;
  }

  /** A file to read again and again. */
  open(path: string, hold: Hold = 'rest'): KernelFile {
    return new KernelFile(path, this, hold);
  }

  /** Answers whether a file may keep its descriptor. */
  grant(file: KernelFile, hold: Hold): boolean {
    if (hold === 'never') return false;
    if (this.held >= this.budget && hold === 'first') this.yielding.values().next().value?.close();
    if (this.held >= this.budget) return false;
    this.held += 1;
    if (hold === 'rest') this.yielding.add(file);
    return true;
  }

  /** Takes note that a file has given its descriptor back. */
  released(file: KernelFile): void {
    this.held -= 1;
    this.yielding.delete(file);
  }

  /** Reads a file once. The same answers as {@link KernelFile.read}. */
  readOnce(path: string): number {
    let descriptor: number;
    try {
      descriptor = openForReading(path);
    } catch (error) {
      return failureCode(readFailure(error));
    }
    try {
      return this.readDescriptor(descriptor, 1);
    } finally {
      closeDescriptor(descriptor);
    }
  }

  /** Fills {@link bytes}; `partialFrom` is the answer length from which on a rest is asked for. */
  readDescriptor(descriptor: number, partialFrom: number): number {
    try {
      let length = readAt(descriptor, this.bytes, 0, 0);
      for (let last = length; last >= partialFrom; length += last) {
        if (length === this.bytes.length && !this.grow()) return failureCode('oversized');
        last = readAt(descriptor, this.bytes, length, length);
      }
      return length;
    } catch (error) {
      return failureCode(readFailure(error));
    }
  }

  private grow(): boolean {
    if (this.bytes.length >= MAXIMUM_BYTES) return false;
    const grown = new Uint8Array(this.bytes.length * 2);
    grown.set(this.bytes);
    this.bytes = grown;
    return true;
  }
}

/** One kernel file that is read again and again. */
export class KernelFile {
  private descriptor = -1;
  /** A file that is not there is not asked for at each poll: a thrown error costs more than twenty reads. */
  private remembered = 0;

  readonly path: string;
  private readonly files: KernelFiles;
  private readonly hold: Hold;

  constructor(path: string, files: KernelFiles, hold: Hold) {
    this.path = path;
    this.files = files;
    this.hold = hold;
  }

  /** Reads the whole file into the `bytes` of its {@link KernelFiles}: the length, or a negative code for {@link failureOf}. */
  read(): number {
    if (this.descriptor >= 0) return this.files.readDescriptor(this.descriptor, PERHAPS_PARTIAL_BYTES);
    return this.remembered < 0 ? this.remembered : this.openAndRead();
  }

  /** Whether the next read opens the file anew, so that a path that has come to name another file shows that one. */
  get reopens(): boolean {
    return this.descriptor < 0 && this.remembered === 0;
  }

  /** Forgets that the file could not be read, so that the next read tries again. */
  retry(): void {
    this.remembered = 0;
  }

  close(): void {
    if (this.descriptor < 0) return;
    closeDescriptor(this.descriptor);
    this.descriptor = -1;
    this.files.released(this);
  }

  private openAndRead(): number {
    let descriptor: number;
    try {
      descriptor = openForReading(this.path);
    } catch (error) {
      return this.remember(failureCode(readFailure(error)));
    }
    const length = this.files.readDescriptor(descriptor, PERHAPS_PARTIAL_BYTES);
    if (length >= 0 && this.files.grant(this, this.hold)) this.descriptor = descriptor;
    else closeDescriptor(descriptor);
    return length >= 0 ? length : this.remember(length);
  }

  private remember(code: number): number {
    this.remembered = code;
    return code;
  }
}

/** The reason behind a negative answer of a read. */
export function failureOf(code: number): ReadFailure {
  return READ_FAILURES[-1 - code] ?? 'other';
}

function failureCode(failure: ReadFailure): number {
  return -1 - READ_FAILURES.indexOf(failure);
}
