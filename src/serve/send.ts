import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';

/** Answers with one line of plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text) + 1);
  response.end(`${text}\n`);
}

/**
 * Sends a body chunk by chunk, asking for the next one when the last has been taken, so that both may be in the same
 * memory.
 * @throws when the connection closes before the end, or what the body throws.
 */
export async function sendChunks(response: ServerResponse, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await Promise.all([finished(response), writeInTurn(chunks, response)]);
}

async function writeInTurn(chunks: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  try {
    for await (const chunk of chunks) await write(response, chunk);
    response.end();
  } catch (error) {
    response.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Ends when nobody needs the chunk's memory any more. */
async function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    response.write(chunk, error => (error ? reject(error) : resolve()));
  });
}
