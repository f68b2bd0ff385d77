import type { FlatKeyedFormat } from '../parse/flat-keyed.js';
import { parseSingleValue } from '../parse/single-value.js';

/** Where a source's file lies: a cgroup v1 controller's directory, the cgroup v2 one, or `/proc/<pid>` of the first process. */
export type Directory = 'cpu' | 'cpuacct' | 'memory' | 'blkio' | 'pids' | 'unified' | 'process';

/** What rarely changes is read in the slow tier; all else at each poll. */
export type Tier = 'poll' | 'slow';

/** One kernel file, and how its bytes become a value. */
export interface Source<Value> {
  readonly directory: Directory;
  readonly file: string;
  readonly tier: Tier;
  /**
   * By what was read of the sources that stand before it in its section, whether its value stands still, as what is counted
   * at a limit does while there is none: then the slow tier is often enough.
   */
  readonly standsStill?: (readings: Readonly<Record<string, unknown>>) => boolean;
  /** May fill and return the value of the previous read. Throws a ParseError. */
  parse(bytes: Uint8Array, length: number, previous: Value | undefined): Value;
}

/** What was read of each source; undefined where the file is missing or could not be read. */
export type Readings<S> = {
  readonly [Name in keyof S]: S[Name] extends Source<infer Value> ? Value | undefined : never;
};

/** One part of a sample: the files it needs and how their values make it. */
export interface Section<Sample> {
  readonly sources: readonly NamedSource[];
  /** Pure; called once per poll with what could be read. */
  readonly assemble: (readings: Readonly<Record<string, unknown>>, host: HostNames) => Sample;
}

export interface NamedSource {
  readonly name: string;
  readonly source: Source<unknown>;
}

/** What a section needs to know of the host to name what it read. */
export interface HostNames {
  /** The path of a block device, such as `/dev/sda`. */
  deviceName(major: number, minor: number): string;
}

/** Declares a section; the types tie what `assemble` takes to what the sources yield. */
export function section<const S extends Record<string, Source<unknown>>, Sample>(
  sources: S,
  assemble: (readings: Readings<S>, host: HostNames) => Sample,
): Section<Sample> {
  // Whoever reads a section fills `readings` from these very sources, so they have the types that `assemble` expects.
  return {
    sources: Object.entries(sources).map(([name, source]) => ({ name, source })),
    assemble: assemble as Section<Sample>['assemble'],
  };
}

/** A file that holds one number, or `max`. */
export function single(directory: Directory, file: string, tier: Tier = 'poll'): Source<number> {
  return { directory, file, tier, parse: parseSingleValue };
}

/** A file of `key value` lines; the value has a slot per wanted key, NaN where the file lacks it. */
export function keyed<Key extends string>(
  directory: Directory,
  file: string,
  format: FlatKeyedFormat<Key>,
): Source<Float64Array> {
  return {
    directory,
    file,
    tier: 'poll',
    parse: (bytes, length, previous = new Float64Array(format.keys.length)) => {
      format.parse(bytes, length, previous);
      return previous;
    },
  };
}
