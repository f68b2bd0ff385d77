import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Replies of a Docker API, unchanged: the content of a recorded host's `docker.json`. */
export interface DockerReplies {
  readonly version: unknown;
  readonly info: unknown;
  /** `GET /containers/json?all=1` */
  readonly list: readonly unknown[];
  /** `GET /containers/{id}/json` by full container id. */
  readonly inspect: Readonly<Record<string, unknown>>;
}

export interface ReplayDockerApi {
  readonly socketPath: string;
  /** What is answered from now on. */
  replies: DockerReplies;
  /** Path and query of every request so far, without the version prefix. */
  readonly requests: readonly string[];
  /** How many `/events` streams are open. */
  readonly eventStreams: number;
  /** Sends one event to every open stream, as one line of JSON. */
  emit(event: DockerEvent): void;
  /** Ends every open event stream, as a daemon does that restarts. */
  endEventStreams(): void;
  readonly close: () => Promise<void>;
}

/** The part of an event of `GET /events` that all API versions have. */
export interface DockerEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes?: Readonly<Record<string, string>> };
  readonly time?: number;
}

/** A Docker API on a unix socket that gives recorded answers; one server, closed by its user. */
export async function replayDockerApi(socketPath: string, replies: DockerReplies): Promise<ReplayDockerApi> {
  const requests: string[] = [];
  const streams = new Set<ServerResponse>();
  const api = {
    socketPath,
    replies,
    requests,
    get eventStreams() {
      return streams.size;
    },
    emit(event: DockerEvent) {
      for (const stream of streams) stream.write(`${JSON.stringify(event)}\n`);
    },
    endEventStreams() {
      for (const stream of streams) stream.end();
    },
    close: async () => closeServer(server),
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = url.pathname.replace(/^\/v1\.\d+(?=\/)/, '');
    requests.push(path + url.search);
    if (path === '/events') holdOpen(streams, response);
    else answer({ request, response, path, query: url.searchParams, replies: api.replies });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  return api;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly replies: DockerReplies;
}

function answer({ request, response, path, query, replies }: Exchange): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendJson(response, 405, { message: `${request.method} is not replayed` });
  }
  const container = /^\/containers\/([^/]+)\/json$/.exec(path)?.[1];
  if (path === '/_ping') return sendText(response, 'OK');
  if (path === '/version') return sendJson(response, 200, replies.version);
  if (path === '/info') return sendJson(response, 200, replies.info);
  if (path === '/containers/json') return sendJson(response, 200, listed(replies, query));
  if (container !== undefined) return sendInspect(response, decodeURIComponent(container), replies);
  return sendJson(response, 404, { message: 'page not found' });
}

/** Without `all`, only what runs; filters are left to the daemon that was recorded. */
function listed({ list }: DockerReplies, query: URLSearchParams): readonly unknown[] {
  if (/^(1|true)$/i.test(query.get('all') ?? '')) return list;
  return list.filter(row => ['running', 'paused', 'restarting'].includes((row as { State: string }).State));
}

function sendInspect(response: ServerResponse, idOrName: string, { inspect }: DockerReplies): void {
  const found = inspect[idOrName] ?? byNameOrPrefix(inspect, idOrName);
  if (found === undefined) return sendJson(response, 404, { message: `No such container: ${idOrName}` });
  return sendJson(response, 200, found);
}

function byNameOrPrefix(inspect: DockerReplies['inspect'], idOrName: string): unknown {
  const match = Object.entries(inspect).find(
    ([id, reply]) => id.startsWith(idOrName) || (reply as { Name?: string }).Name === `/${idOrName}`,
  );
  return match?.[1];
}

function holdOpen(streams: Set<ServerResponse>, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

function sendText(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close(error => (error === undefined ? resolve() : reject(error)));
  });
  server.closeAllConnections();
  await closed;
}
