import type { Agent, IncomingMessage } from 'node:http';
import { versionNamedIn } from './api-version.js';
import type { DockerEndpoint } from './docker-endpoint.js';
import { connectionError, DockerError, oneLine } from './docker-error.js';
import { parseJson } from './docker-reply.js';
import { readBody } from './response-body.js';

const MAX_ERROR_BYTES = 64 * 1024;

export type Query = Readonly<Record<string, unknown>>;

/** The one method of docker-modem that is used. */
export interface Modem {
  dial(
    request: {
      path: string;
      method: 'GET';
      options: Record<string, unknown>;
      isStream: true;
      statusCodes: Record<number, true>;
      abortSignal: AbortSignal;
    },
    callback: (error: Error | null, response: unknown) => void,
  ): void;
}

/** Connections to one endpoint and what was learned about it. */
export interface DockerSession {
  readonly endpoint: DockerEndpoint;
  readonly modem: Modem;
  readonly agent: Agent;
  /** Goes into the paths of requests; without one the daemon speaks the newest that it knows. */
  apiVersion: string | undefined;
  /** It gave a good answer at least once. */
  answered: boolean;
}

/** The response to a GET, its body unread. A daemon that names another API version is asked again in that one. */
export async function send(
  session: DockerSession,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const response = await dialTwice(session, path, query, signal);
  const status = response.statusCode ?? 0;
  if (status === 200) {
    return response;
  }
  const message = await errorMessage(response);
  const named = status === 400 ? versionNamedIn(message) : undefined;
  if (named !== undefined && named !== session.apiVersion) {
    session.apiVersion = named;
    const second = await dial(session, path, query, signal);
    if (second.statusCode === 200) {
      return second;
    }
    second.destroy();
  }
  throw new DockerError(
    `${status}`,
    oneLine(`Docker at ${session.endpoint.address} answered GET ${path} with HTTP ${status} ${message}`),
  );
}

/** A connection that was kept for the next request may have died unnoticed: that is no fault of the daemon. */
async function dialTwice(
  session: DockerSession,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  try {
    return await dial(session, path, query, signal);
  } catch (error) {
    if (error instanceof DockerError && error.code === 'reset') {
      return dial(session, path, query, signal);
    }
    throw error;
  }
}

/**
 * As a stream and with every status taken for success, docker-modem hands out the response untouched: by
 * itself it would read bodies of any size, and wait for ever for one that is cut short.
 */
function dial(
  session: DockerSession,
  path: string,
  query: Query,
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  const prefix = session.apiVersion === undefined ? '' : `/v${session.apiVersion}`;
  // Given a question mark, docker-modem appends the options; without options it cuts off the last character.
  const target = `${prefix}${path}${Object.keys(query).length > 0 ? '?' : ''}`;
  return new Promise((resolve, reject) => {
    session.modem.dial(
      {
        path: target,
        method: 'GET',
        options: { ...query },
        isStream: true,
        statusCodes: EVERY_STATUS,
        abortSignal,
      },
      (error, response) =>
        error === null
          ? // With isStream, and in no other mode, docker-modem hands out the response itself.
            resolve(response as IncomingMessage)
          : reject(connectionError(error, session.endpoint.address)),
    );
  });
}

const EVERY_STATUS: Record<number, true> = Object.fromEntries(
  Array.from({ length: 500 }, (_, index) => [index + 100, true as const]),
);

/** Docker's own words; a proxy's page of HTML says nothing. */
async function errorMessage(response: IncomingMessage): Promise<string> {
  const body = await readBody(response, MAX_ERROR_BYTES);
  const message = /^\s*\{/.test(body) ? parseJson(body, 'a request') : undefined;
  return typeof message === 'object' && message !== null && 'message' in message
    ? String(message.message)
    : '';
}
