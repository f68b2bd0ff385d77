import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import { pathVersion } from './api-version.js';
import type { Clock } from './clock.js';
import { withDeadline } from './deadline.js';
import { resolveEndpoint, type DockerEndpoint, type EndpointOptions } from './docker-endpoint.js';
import { connectionError } from './docker-error.js';
import type { DockerEvent, DockerInfo, DockerVersion, ListedContainer } from './docker-reply.js';
import { parseInfo, parseJson, parseList, parseVersion } from './docker-reply.js';
import { send, type DockerSession, type Query } from './docker-session.js';
import { readEvents } from './event-stream.js';
import { parseInspect, parseLayerSize, type InspectedContainer } from './inspect-reply.js';
import { readBody } from './response-body.js';

export type DockerRequest = 'version' | 'info' | 'list' | 'inspect' | 'size' | 'events';

export interface DockerClientOptions extends EndpointOptions {
  /** For an answer in full; for the event stream, until it begins. */
  readonly timeoutSeconds: number;
  /** Which labels of a container are kept. */
  readonly keepLabel: (name: string) => boolean;
  /** Reads a certificate below `DOCKER_CERT_PATH`; needed for TLS alone. */
  readonly readCertificate?: (path: string) => string;
  readonly clock: Pick<Clock, 'monotonicSeconds'>;
  /** Called after every request with an HTTP status or the code of a {@link DockerError}. */
  readonly onRequest?: (request: DockerRequest, code: string, seconds: number) => void;
}

export interface EventsQuery {
  readonly sinceSeconds?: number | undefined;
  /** All of them when absent. */
  readonly actions?: readonly string[] | undefined;
}

/**
 * What discovery reads from the Docker Engine API, versions 1.24 to 1.53. Every method rejects with DockerError
 * alone, and within the timeout, whatever the daemon does.
 */
export interface DockerClient {
  version(signal?: AbortSignal): Promise<DockerVersion>;
  info(signal?: AbortSignal): Promise<DockerInfo>;
  /** Running or not. */
  list(signal?: AbortSignal): Promise<ListedContainer[]>;
  inspect(id: string, signal?: AbortSignal): Promise<InspectedContainer>;
  /** How large a container's writable layer is; absent where the daemon does not tell. The daemon takes its time. */
  writableLayerBytes(id: string, signal?: AbortSignal): Promise<number | undefined>;
  /** Resolves when the stream begins. It ends when the daemon ends it, throws DockerError, and heeds the signal. */
  events(query: EventsQuery, signal: AbortSignal): Promise<AsyncIterable<DockerEvent>>;
  /** Where requests go, as a user writes it; absent before the first. */
  readonly address: string | undefined;
  /** Closes all connections. */
  close(): void;
}

const MEBIBYTE = 1024 * 1024;
const MAX_LIST_BYTES = 128 * MEBIBYTE;
const MAX_REPLY_BYTES = 8 * MEBIBYTE;
const MAX_CONNECTIONS = 16;

/** Nothing is opened before the first request, and dockerode is loaded once there is an endpoint to use. */
export function createDockerClient(options: DockerClientOptions): DockerClient {
  const connection = new Connection(options);
  return {
    version: signal =>
      connection.get({ request: 'version', path: '/version', signal }, value => {
        const version = parseVersion(value);
        connection.speak(pathVersion(version.apiVersion));
        return version;
      }),
    info: signal => connection.get({ request: 'info', path: '/info', signal }, parseInfo),
    list: signal =>
      connection.get({ request: 'list', path: '/containers/json', query: { all: true }, signal }, parseList),
    inspect: (id, signal) =>
      connection.get({ request: 'inspect', path: `/containers/${id}/json`, signal }, value =>
        parseInspect(value, options.keepLabel),
      ),
    writableLayerBytes: (id, signal) =>
      connection.get(
        { request: 'size', path: `/containers/${id}/json`, query: { size: true }, signal },
        parseLayerSize,
      ),
    events: (query, signal) => connection.events(query, signal),
    get address() {
      return connection.address;
    },
    close: () => connection.close(),
  };
}

interface Get {
  readonly request: Exclude<DockerRequest, 'events'>;
  readonly path: string;
  readonly query?: Query;
  readonly signal: AbortSignal | undefined;
}

/** One endpoint at a time: the one that the options name when the first request is made that is answered. */
class Connection {
  readonly #options: DockerClientOptions;
  #session: DockerSession | undefined;

  constructor(options: DockerClientOptions) {
    this.#options = options;
  }

  get address(): string | undefined {
    return this.#session?.endpoint.address;
  }

  /** Puts this API version into the paths of the requests that follow; none when undefined. */
  speak(apiVersion: string | undefined): void {
    if (this.#session !== undefined) {
      this.#session.apiVersion = apiVersion;
    }
  }

  close(): void {
    this.#session?.agent.destroy();
  }

  get<T>({ request, path, query = {}, signal }: Get, parse: (value: unknown) => T): Promise<T> {
    return this.#measured(request, async session => {
      const what = `GET ${path} at ${session.endpoint.address}`;
      const maxBytes = request === 'list' ? MAX_LIST_BYTES : MAX_REPLY_BYTES;
      const body = await withDeadline(
        { seconds: this.#options.timeoutSeconds, signal, what },
        async ownSignal => readBody(await send(session, path, query, ownSignal), maxBytes),
      );
      const value = parse(parseJson(body, `GET ${path}`));
      session.answered = true;
      return value;
    });
  }

  events({ sinceSeconds, actions }: EventsQuery, signal: AbortSignal): Promise<AsyncIterable<DockerEvent>> {
    const filters = { type: ['container'], ...(actions && { event: actions }) };
    const query = { filters, ...(sinceSeconds !== undefined && { since: Math.floor(sinceSeconds) }) };
    return this.#measured('events', async session => {
      const stream = new AbortController();
      const stop = (): void => stream.abort();
      signal.addEventListener('abort', stop, { once: true });
      const release = (): void => {
        signal.removeEventListener('abort', stop);
        stop();
      };
      const what = `GET /events at ${session.endpoint.address}`;
      try {
        const response = await withDeadline({ seconds: this.#options.timeoutSeconds, signal, what }, () =>
          send(session, '/events', query, stream.signal),
        );
        return readEvents(response, session.endpoint.address, release);
      } catch (error) {
        release();
        throw error;
      }
    });
  }

  async #measured<T>(request: DockerRequest, work: (session: DockerSession) => Promise<T>): Promise<T> {
    const { clock, onRequest } = this.#options;
    const startSeconds = clock.monotonicSeconds();
    let code = '200';
    try {
      return await work(await this.#connect());
    } catch (error) {
      const failure = connectionError(error, this.address ?? 'its endpoint');
      code = failure.code;
      throw failure;
    } finally {
      onRequest?.(request, code, clock.monotonicSeconds() - startSeconds);
    }
  }

  /** An endpoint that has answered once is kept: while Docker restarts, another runtime is no replacement. */
  async #connect(): Promise<DockerSession> {
    if (this.#session?.answered === true) {
      return this.#session;
    }
    const endpoint = resolveEndpoint(this.#options);
    if (this.#session?.endpoint.address !== endpoint.address) {
      const session = await openSession(endpoint, this.#options.readCertificate);
      this.close();
      this.#session = session;
    }
    return this.#session;
  }
}

/** The options that are set to nothing keep docker-modem from taking them out of the environment. */
async function openSession(
  endpoint: DockerEndpoint,
  readCertificate: DockerClientOptions['readCertificate'],
): Promise<DockerSession> {
  const { default: Docker } = await import('dockerode');
  const limits = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const secure = endpoint.kind === 'tcp' && endpoint.protocol === 'https';
  const agent = brief(secure ? new HttpsAgent(limits) : new HttpAgent(limits));
  const target =
    endpoint.kind === 'socket'
      ? { socketPath: endpoint.socketPath, host: '', protocol: 'http' as const }
      : { ...endpoint, pathPrefix: '/', ...certificates(endpoint.certificateDirectory, readCertificate) };
  // A variable, because the types of dockerode leave out the agent that docker-modem takes.
  const parameters = { ...target, timeout: 0, agent };
  const docker = new Docker(parameters);
  return { endpoint, modem: docker.modem, agent, apiVersion: undefined, answered: false };
}

/** docker-modem prints its options to the last detail at each request, only to throw the text away: 20 ms. */
function brief(agent: HttpAgent): HttpAgent {
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

function certificates(
  directory: string | undefined,
  readCertificate: DockerClientOptions['readCertificate'],
): { ca: string; cert: string; key: string } | undefined {
  if (directory === undefined || readCertificate === undefined) {
    return undefined;
  }
  return {
    ca: readCertificate(`${directory}/ca.pem`),
    cert: readCertificate(`${directory}/cert.pem`),
    key: readCertificate(`${directory}/key.pem`),
  };
}
