import { DockerError } from './docker-error.js';

/** A JSON object whose fields nobody has vouched for. */
export type Reply = Readonly<Record<string, unknown>>;

const MAX_TEXT_LENGTH = 4096;
const MAX_LIST_LENGTH = 512;
const MAX_LABELS = 1024;

/** The value as an object, or DockerError `malformed` naming what was expected. */
export function reply(value: unknown, what: string): Reply {
  if (isReply(value)) {
    return value;
  }
  throw new DockerError('malformed', `Docker sent ${shapeOf(value)} where ${what} was expected`);
}

/** A nested object; one without fields where it is missing or null. */
export function nested(parent: Reply, key: string): Reply {
  const value = parent[key];
  return isReply(value) ? value : {};
}

/** Well-formed text of bounded length; absent where missing, empty, or no text. */
export function text(parent: Reply, key: string): string | undefined {
  const value = parent[key];
  return typeof value === 'string' && value !== '' ? boundedText(value) : undefined;
}

/** An integer that JavaScript holds exactly. */
export function integer(parent: Reply, key: string): number | undefined {
  const value = parent[key];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** An integer above zero; Docker writes 0 or -1 for "none". */
export function positive(parent: Reply, key: string): number | undefined {
  const value = integer(parent, key);
  return value !== undefined && value > 0 ? value : undefined;
}

export function flag(parent: Reply, key: string): boolean | undefined {
  const value = parent[key];
  return typeof value === 'boolean' ? value : undefined;
}

/** The texts of a list. Docker sends null and Podman [] for the same thing: both are empty here. */
export function texts(parent: Reply, key: string): string[] {
  const value: unknown = parent[key];
  if (!Array.isArray(value)) {
    return [];
  }
  const items: readonly unknown[] = value.slice(0, MAX_LIST_LENGTH);
  return items.filter(item => typeof item === 'string').map(boundedText);
}

/** Labels, bounded in number and size. */
export function labels(parent: Reply, key: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(nested(parent, key)).slice(0, MAX_LABELS)) {
    if (typeof value === 'string') {
      found.set(boundedText(name), boundedText(value));
    }
  }
  return found;
}

/** Unix seconds of an RFC 3339 time with up to nine decimals; Docker's "never" is the year 1 and is absent. */
export function timestamp(parent: Reply, key: string): number | undefined {
  const value = parent[key];
  const match =
    typeof value === 'string'
      ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(value)
      : null;
  if (match === null) {
    return undefined;
  }
  const [, second = '', fraction = '', zone = ''] = match;
  const seconds = Date.parse(`${second}${zone}`) / 1000 + Number(`0${fraction}`);
  return seconds > 0 ? seconds : undefined;
}

/** A container id, or DockerError `malformed`. */
export function containerId(value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) {
    return value;
  }
  throw new DockerError('malformed', 'Docker sent a container without an id of 64 hexadecimal digits');
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are absent: an optional field is missing, never `undefined`. */
export function present<T extends Readonly<Record<string, unknown>>>(fields: T): Present<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets which key goes with which value.
  return Object.fromEntries(entries) as Present<T>;
}

function boundedText(value: string): string {
  return value.slice(0, MAX_TEXT_LENGTH).replaceAll(/\p{Surrogate}/gu, '\u{fffd}');
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shapeOf(value: unknown): string {
  if (value === null || value === undefined) {
    return 'nothing';
  }
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
