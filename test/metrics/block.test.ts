import t from 'tap';
import { BlockBuilder, textBlock, type SeriesBlock } from '../../src/metrics/block.js';
import { ByteChunk } from '../../src/metrics/byte-chunk.js';
import { blockBytes } from '../support/block-bytes.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEADER = bytesOf('# TYPE x gauge\n');
const NAMES = ['a', 'b', 'c'].map(kind => bytesOf(`x{kind="${kind}",`));
const LABELS = bytesOf('id="/"} ');

function build(before: SeriesBlock | undefined, values: readonly number[], labels = LABELS): SeriesBlock {
  const builder = new BlockBuilder(HEADER, before);
  for (const [index, value] of values.entries()) builder.add(NAMES[index] ?? HEADER, labels, value);
  return builder.build();
}

t.test('the series of a block, after its header', async t => {
  const block = build(undefined, [1, NaN]);
  t.equal(block.length, 2);
  t.equal(blockBytes(block).toString(), '# TYPE x gauge\nx{kind="a",id="/"} 1\nx{kind="b",id="/"} NaN\n');
});

t.test('a block is made anew where a value, a label or the number of series is another', async t => {
  const before = build(undefined, [1, NaN]);
  const text = blockBytes(before).toString();
  t.equal(build(before, [1, NaN]), before);
  for (const [values, lines] of [
    [[1, 2], 'x{kind="a",id="/"} 1\nx{kind="b",id="/"} 2\n'],
    [[2, NaN], 'x{kind="a",id="/"} 2\nx{kind="b",id="/"} NaN\n'],
    [[1], 'x{kind="a",id="/"} 1\n'],
    [[1, NaN, 3], 'x{kind="a",id="/"} 1\nx{kind="b",id="/"} NaN\nx{kind="c",id="/"} 3\n'],
  ] as const) {
    const now = build(before, values);
    t.not(now, before);
    t.equal(blockBytes(now).toString(), `# TYPE x gauge\n${lines}`);
  }
  const moved = build(before, [1, NaN], bytesOf('id="/a"} '));
  t.match(blockBytes(moved).toString(), 'x{kind="b",id="/a"} NaN\n');
  t.equal(blockBytes(before).toString(), text, 'the one before is as it was');
});

t.test('a block that is longer than a chunk goes on where it stopped', async t => {
  const builder = new BlockBuilder(HEADER);
  for (let value = 0; value < 20_000; value += 1) builder.add(NAMES[0] ?? HEADER, LABELS, value);
  const block = builder.build();
  const chunk = new ByteChunk();
  const place = block.appendTo(chunk, 0);
  t.ok(place > 0 && place < block.length);
  t.ok(chunk.isFull);
  const lines = blockBytes(block).toString().split('\n');
  t.equal(lines.length, 1 + 20_000 + 1);
  t.equal(lines.at(-2), 'x{kind="a",id="/"} 19999');
});

t.test('a header that fills the chunk comes once', async t => {
  const block = build(undefined, [1, 2]);
  const full = new ByteChunk();
  while (!full.isFull) full.append(Uint8Array.of(0));
  for (let room = 0; room < 60; room += 1) {
    const chunk = new ByteChunk();
    chunk.append(new Uint8Array(full.length - room));
    const parts: Buffer[] = [];
    for (let place = 0; place < block.length;) {
      const next = block.appendTo(chunk, place);
      t.ok(next > place);
      place = next;
      parts.push(Buffer.from(chunk.take()));
    }
    const text = Buffer.concat(parts)
      .subarray(full.length - room)
      .toString();
    t.equal(text, blockBytes(block).toString());
  }
});

t.test('text that is there already', async t => {
  t.equal(blockBytes(textBlock(bytesOf('up 1\n'))).toString(), 'up 1\n');
});
