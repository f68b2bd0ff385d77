import t from 'tap';
import { textBlock } from '../../src/metrics/block.js';
import { plainBody } from '../../src/serve/plain-body.js';

async function chunksOf(texts: readonly string[]): Promise<readonly string[]> {
  const chunks: string[] = [];
  const blocks = texts.map(text => textBlock(Buffer.from(text)));
  // A chunk is good until the next one is asked for.
  for await (const chunk of plainBody(blocks)) chunks.push(Buffer.from(chunk).toString());
  return chunks;
}

t.test('short blocks come in one chunk', async t => {
  t.strictSame(await chunksOf(['a 1\n', 'b 2\n']), ['a 1\nb 2\n']);
  t.strictSame(await chunksOf([]), []);
});

t.test('many come in chunks that take turns in the same memory', async t => {
  const texts = Array.from({ length: 50 }, (_, turn) => String(turn % 10).repeat(turn % 2 ? 10 : 100_000));
  const chunks = await chunksOf(texts);
  t.ok(chunks.length > 5 && chunks.length < 20, `${chunks.length} chunks`);
  t.equal(chunks.join(''), texts.join(''));
});
