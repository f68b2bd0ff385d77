import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const GZIP_LEVEL = 1;
const GZIP_CHUNK_BYTES = 64 * 1024;

/** Answers with one line of plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text) + 1);
  response.end(`${text}\n`);
}

/**
 * Sends a body chunk by chunk, asking for the next one when the last has been taken, so that both may be in the same
 * memory; compression runs outside the event loop.
 * @throws when the connection closes before the end, or what the body throws.
 */
export async function sendChunks(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  gzip: boolean,
): Promise<void> {
  if (!gzip) {
    await Promise.all([finished(response), writeInTurn(chunks, response)]);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  await compressInto(chunks, response);
}

/** Compresses chunks, of which each may be in the memory of the one before. */
export async function compressInto(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  destination: Writable,
): Promise<void> {
  const compressor = createGzip({ level: GZIP_LEVEL, chunkSize: GZIP_CHUNK_BYTES });
  await Promise.all([pipeline(compressor, destination), writeInTurn(chunks, compressor)]);
}

async function writeInTurn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  destination: Writable,
): Promise<void> {
  try {
    for await (const chunk of chunks) await write(destination, chunk);
    destination.end();
  } catch (error) {
    destination.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Ends when nobody needs the chunk's memory any more. */
async function write(destination: Writable, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    destination.write(chunk, error => (error ? reject(error) : resolve()));
  });
}
