import type { Block } from '../../src/metrics/block.js';
import { ByteChunk } from '../../src/metrics/byte-chunk.js';

/** All lines of a block. */
export function blockBytes(block: Block): Buffer {
  const parts: Buffer[] = [];
  const chunk = new ByteChunk();
  for (let place = 0; place < block.length;) {
    place = block.appendTo(chunk, place);
    parts.push(Buffer.from(chunk.take()));
  }
  return Buffer.concat(parts);
}

export function blocksText(blocks: Iterable<Block>): string {
  return Buffer.concat(Array.from(blocks, blockBytes)).toString('utf8');
}
