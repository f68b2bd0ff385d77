import type { Block } from '../metrics/block.js';
import { ByteChunk } from '../metrics/byte-chunk.js';

/** A body as it is, in chunks that take turns in the same memory: each is good until the next is asked for. */
export async function* plainBody(blocks: AsyncIterable<Block> | Iterable<Block>): AsyncGenerator<Uint8Array> {
  const chunk = new ByteChunk();
  for await (const block of blocks) yield* append(block, chunk);
  if (chunk.length > 0) yield chunk.take();
}

/** Appends a block to a chunk, which is taken each time that it is full. */
export function* append(block: Block, chunk: ByteChunk): Generator<Uint8Array> {
  for (let place = 0; place < block.length;) {
    place = block.appendTo(chunk, place);
    if (chunk.isFull) yield chunk.take();
  }
}
