import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Block } from '../metrics/block.js';
import { ByteChunk } from '../metrics/byte-chunk.js';
import { crc32Combine } from './crc32-combine.js';
import { append } from './plain-body.js';

/** A higher one takes twice the time for a sixth of the bytes. */
const LEVEL = 1;
/**
 * A block of so many lines is compressed by itself and kept so: it is about as long as the 32 KiB that deflate looks back,
 * or longer, so it loses little. Shorter ones are compressed with their neighbours.
 */
const LINES_WORTH_KEEPING = 128;
/** Less than this is not worth a turn of the connection. */
const SENT_BYTES = 64 << 10;

/** RFC 1952, section 2.3: deflate, no name, no time, fastest, unknown system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
/** RFC 1951, section 3.2.3: a last block, of fixed codes, that ends at once. */
const LAST_BLOCK = Uint8Array.of(0x03, 0x00);

/** Some bytes compressed so that whatever is compressed likewise may come before and after them. */
interface Deflated {
  readonly bytes: Uint8Array;
  readonly crc32: number;
  readonly originalBytes: number;
}

const deflate = promisify(deflateRaw) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>;

/** Compresses bodies, and of each block that comes again keeps what it was compressed to. */
export class GzipBodies {
  readonly #kept = new WeakMap<Block, readonly Deflated[]>();

  /** A body as one gzip member, in chunks with memory of their own; compression runs outside the event loop. */
  async *compress(blocks: AsyncIterable<Block> | Iterable<Block>): AsyncGenerator<Uint8Array> {
    let pending: Uint8Array[] = [HEADER];
    let pendingBytes = 0;
    let crc = 0;
    let originalBytes = 0;
    for await (const deflated of this.#deflated(blocks)) {
      crc = crc32Combine(crc, deflated.crc32, deflated.originalBytes);
      originalBytes += deflated.originalBytes;
      pending.push(deflated.bytes);
      pendingBytes += deflated.bytes.length;
      if (pendingBytes < SENT_BYTES) continue;
      yield Buffer.concat(pending);
      pending = [];
      pendingBytes = 0;
    }
    yield Buffer.concat([...pending, LAST_BLOCK, trailer(crc, originalBytes)]);
  }

  async *#deflated(blocks: AsyncIterable<Block> | Iterable<Block>): AsyncGenerator<Deflated> {
    const chunk = new ByteChunk();
    for await (const block of blocks) {
      if (block.length < LINES_WORTH_KEEPING) {
        for (const bytes of append(block, chunk)) yield await deflateWhole(bytes);
        continue;
      }
      if (chunk.length > 0) yield await deflateWhole(chunk.take());
      yield* await this.#deflatedBlock(block, chunk);
    }
    if (chunk.length > 0) yield await deflateWhole(chunk.take());
  }

  async #deflatedBlock(block: Block, chunk: ByteChunk): Promise<readonly Deflated[]> {
    const kept = this.#kept.get(block);
    if (kept !== undefined) return kept;
    const deflated: Deflated[] = [];
    for (const bytes of append(block, chunk)) deflated.push(await deflateWhole(bytes));
    if (chunk.length > 0) deflated.push(await deflateWhole(chunk.take()));
    this.#kept.set(block, deflated);
    return deflated;
  }
}

async function deflateWhole(bytes: Uint8Array): Promise<Deflated> {
  // The flush ends on a byte, and without the mark of the last block.
  const deflated = await deflate(bytes, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH });
  // A copy: zlib's own memory has room for more, which would be kept with it.
  return { bytes: new Uint8Array(deflated), crc32: crc32(bytes), originalBytes: bytes.length };
}

function trailer(crc: number, originalBytes: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(originalBytes % 2 ** 32, 4);
  return bytes;
}
