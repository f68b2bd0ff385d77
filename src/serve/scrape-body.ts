import type { Block } from '../metrics/block.js';

/** The body of one scrape, of which the first block is already there. */
export interface ScrapeBody {
  readonly blocks: AsyncIterable<Block>;
  /** Lets go of what is not sent. */
  cancel(): void;
}

/**
 * Asks for the first block, so that most failures come while the status can still tell of them.
 * @param onFailure told of a failure after that, which also ends the blocks.
 */
export async function openBody(
  source: AsyncIterable<Block>,
  onFailure: (error: unknown) => void,
): Promise<ScrapeBody> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* blocks(): AsyncGenerator<Block> {
    for (let result = first; result.done !== true; result = await next()) yield result.value;
  }
  async function next(): Promise<IteratorResult<Block>> {
    try {
      return await iterator.next();
    } catch (error) {
      onFailure(error);
      throw error;
    }
  }
  return {
    blocks: blocks(),
    cancel: () => void iterator.return?.().catch(() => undefined),
  };
}
