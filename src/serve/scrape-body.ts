/** The body of one scrape, of which the first chunk is already there. */
export interface ScrapeBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Lets go of what is not sent. */
  cancel(): void;
}

/**
 * Asks for the first chunk, so that most failures come while the status can still tell of them.
 * @param onFailure told of a failure after that, which also ends the chunks.
 */
export async function openBody(
  source: AsyncIterable<Uint8Array>,
  onFailure: (error: unknown) => void,
): Promise<ScrapeBody> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let result = first; result.done !== true; result = await next()) yield result.value;
  }
  async function next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await iterator.next();
    } catch (error) {
      onFailure(error);
      throw error;
    }
  }
  return {
    chunks: chunks(),
    cancel: () => void iterator.return?.().catch(() => undefined),
  };
}
