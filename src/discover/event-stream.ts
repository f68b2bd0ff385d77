import type { IncomingMessage } from 'node:http';
import { connectionError } from './docker-error.js';
import { parseEvent, type DockerEvent } from './docker-reply.js';
import { createLineReader } from './line-reader.js';

const MAX_EVENT_LENGTH = 1024 * 1024;

/** The events of a `GET /events` response until it ends. Throws DockerError; calls `release` whichever way it ends. */
export async function* readEvents(
  response: IncomingMessage,
  address: string,
  release: () => void,
): AsyncGenerator<DockerEvent> {
  const lines = createLineReader(MAX_EVENT_LENGTH);
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      for (const line of lines.push(chunk)) {
        const event = parseEvent(line);
        if (event !== undefined) {
          yield event;
        }
      }
    }
  } catch (error) {
    throw connectionError(error, address);
  } finally {
    release();
  }
}
