import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const GZIP_LEVEL = 1;
const GZIP_CHUNK_BYTES = 256 * 1024;

/** Answers with one line of plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text) + 1);
  response.end(`${text}\n`);
}

/**
 * Sends a body chunk by chunk, asking for the next one when the client has taken the last; compression runs outside
 * the event loop.
 * @throws when the connection closes before the end, or what the body throws.
 */
export async function sendChunks(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  gzip: boolean,
): Promise<void> {
  if (!gzip) {
    await pipeline(chunks, response);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  await pipeline(chunks, createGzip({ level: GZIP_LEVEL, chunkSize: GZIP_CHUNK_BYTES }), response);
}
