import type { IncomingMessage } from 'node:http';
import { DockerError } from './docker-error.js';

/** The whole body as text; more than `maxBytes` is DockerError `malformed`, and the connection is closed. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early destroys the response, and a body that is cut short throws.
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new DockerError('malformed', `Docker sent an answer of more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
