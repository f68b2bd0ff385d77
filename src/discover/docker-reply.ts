import { DockerError } from './docker-error.js';
import { parseState, shortId, visibleName } from './inspect-reply.js';
import type { ContainerState } from './container.js';
import { containerId, integer, nested, present, reply, text, texts, type Reply } from './reply-value.js';

/** One entry of `GET /containers/json`: enough to see whether an inspect is due. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  /** For people: `Up 5 minutes (healthy)`, `Exited (137) 2 hours ago`. */
  readonly status: string;
}

/** One line of `GET /events`. */
export interface DockerEvent {
  /** Without what follows a colon, which can hold a command line. */
  readonly action: string;
  readonly id: string;
  readonly timeSeconds: number | undefined;
}

/** The daemon, from `GET /version`. */
export interface DockerVersion {
  readonly engine: 'docker' | 'podman';
  readonly version: string;
  readonly apiVersion?: string;
  readonly minApiVersion?: string;
  readonly kernelVersion?: string;
}

/** The daemon's host, from `GET /info`. What a proxy refuses to tell is absent. */
export interface DockerInfo {
  readonly name?: string;
  readonly operatingSystem?: string;
  readonly kernelVersion?: string;
  readonly cgroupDriver?: string;
  readonly cgroupVersion?: 1 | 2;
  readonly securityOptions?: readonly string[];
  /** Where the daemon keeps its data on the host. */
  readonly rootDirectory?: string;
  readonly rootless?: boolean;
  readonly liveRestore?: boolean;
}

export interface DockerHost extends DockerVersion, DockerInfo {}

/** `GET /containers/json`. Throws DockerError. */
export function parseList(value: unknown): ListedContainer[] {
  if (!Array.isArray(value)) {
    throw new DockerError('malformed', 'Docker did not send a list of containers for GET /containers/json');
  }
  const entries: readonly unknown[] = value;
  return entries.map(parseListed);
}

function parseListed(value: unknown): ListedContainer {
  const entry = reply(value, 'a container');
  const id = containerId(entry['Id']);
  return {
    id,
    name: visibleName(texts(entry, 'Names')) ?? shortId(id),
    image: text(entry, 'Image') ?? '',
    state: parseState(text(entry, 'State'), {}),
    status: text(entry, 'Status') ?? '',
  };
}

/** Podman's names for what Docker calls by another. */
const ACTION_ALIASES: Readonly<Record<string, string>> = {
  died: 'die',
  remove: 'destroy',
  exec: 'exec_start',
};

/** A line of `GET /events`; undefined when it is not about a container. Throws DockerError. */
export function parseEvent(line: string): DockerEvent | undefined {
  const event = reply(parseJson(line, 'GET /events'), 'an event');
  if (event['Type'] !== undefined && event['Type'] !== 'container') {
    return undefined;
  }
  const action = (text(event, 'Action') ?? text(event, 'status') ?? '').split(':', 1)[0]?.trim() ?? '';
  return {
    action: ACTION_ALIASES[action] ?? action,
    id: containerId(nested(event, 'Actor')['ID'] ?? event['id']),
    timeSeconds: integer(event, 'time'),
  };
}

/** `GET /version`. Throws DockerError. */
export function parseVersion(value: unknown): DockerVersion {
  const version = reply(value, 'a version');
  return {
    engine: isPodman(version) ? 'podman' : 'docker',
    version: text(version, 'Version') ?? '',
    ...present({
      apiVersion: text(version, 'ApiVersion'),
      minApiVersion: text(version, 'MinAPIVersion'),
      kernelVersion: text(version, 'KernelVersion'),
    }),
  };
}

/** `GET /info`. Throws DockerError. */
export function parseInfo(value: unknown): DockerInfo {
  const info = reply(value, 'a description of the host');
  const securityOptions = texts(info, 'SecurityOptions');
  return {
    ...present({
      name: text(info, 'Name'),
      operatingSystem: text(info, 'OperatingSystem'),
      kernelVersion: text(info, 'KernelVersion'),
      cgroupDriver: text(info, 'CgroupDriver'),
      rootDirectory: text(info, 'DockerRootDir'),
      cgroupVersion: parseCgroupVersion(text(info, 'CgroupVersion')),
    }),
    securityOptions,
    rootless: securityOptions.some(option => option.startsWith('name=rootless')),
    liveRestore: info['LiveRestoreEnabled'] === true,
  };
}

/** JSON or DockerError `malformed`; the text itself may hold secrets and stays out of the message. */
export function parseJson(body: string, endpoint: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new DockerError('malformed', `Docker did not answer ${endpoint} with JSON: is a proxy in the way?`);
  }
}

function isPodman(version: Reply): boolean {
  const components: unknown = version['Components'];
  return (
    Array.isArray(components) &&
    components.some(component => text(reply(component, 'a component'), 'Name') === 'Podman Engine')
  );
}

function parseCgroupVersion(value: string | undefined): 1 | 2 | undefined {
  if (value === '1') {
    return 1;
  }
  return value === '2' ? 2 : undefined;
}
