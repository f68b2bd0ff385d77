import { randomBytes } from 'node:crypto';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import t from 'tap';
import type { Block } from '../../src/metrics/block.js';
import { GzipBodies } from '../../src/serve/gzip-body.js';

/** A block of so many lines, which counts how often it is asked for them. */
class Lines implements Block {
  asked = 0;
  readonly text: Buffer;
  readonly length: number;

  constructor(length: number, line: string | Buffer = 'container_threads{id="/docker/a"} 1\n') {
    this.length = length;
    this.text = Buffer.concat(Array.from({ length }, () => Buffer.from(line)));
  }

  appendTo(chunk: Parameters<Block['appendTo']>[0], from: number): number {
    this.asked += 1;
    const lineBytes = this.text.length / this.length;
    let place = from;
    while (place < this.length && !chunk.isFull) {
      chunk.append(this.text.subarray(place * lineBytes, (place + 1) * lineBytes));
      place += 1;
    }
    return place;
  }
}

async function compressed(bodies: GzipBodies, blocks: readonly Block[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodies.compress(blocks)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const textOf = (blocks: readonly Lines[]): Buffer => Buffer.concat(blocks.map(({ text }) => text));

t.test('any blocks, in any order, again and again', async t => {
  const bodies = new GzipBodies();
  const pool = [1, 5, 127, 128, 300, 9000].map((length, index) => new Lines(length, `line${index} 1\n`));
  const choice = fc.array(fc.constantFrom(...pool), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(choice, async blocks =>
      gunzipSync(await compressed(bodies, blocks)).equals(textOf(blocks)),
    ),
  );
  t.pass('gunzip has what was compressed');
});

t.test('one member, which every reader of gzip takes to its end', async t => {
  const blocks = [new Lines(3), new Lines(500), new Lines(2)];
  const body = await compressed(new GzipBodies(), blocks);
  const { buffer, engine } = inflateRawSync(body.subarray(10), { info: true }) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  t.ok(buffer.equals(textOf(blocks)));
  t.equal(10 + engine.bytesWritten + 8, body.length, 'a header, deflate, CRC and length');
});

t.test('a long block that comes again is not asked for its lines again', async t => {
  const bodies = new GzipBodies();
  const [short, long] = [new Lines(10), new Lines(1000)];
  const first = await compressed(bodies, [short, long]);
  const asked = long.asked;
  const second = await compressed(bodies, [short, long, long]);
  t.equal(long.asked, asked);
  t.equal(short.asked, 2, 'a short one is compressed with its neighbours');
  t.ok(gunzipSync(first).equals(textOf([short, long])));
  t.ok(gunzipSync(second).equals(textOf([short, long, long])));
  t.ok(first.length < textOf([short, long]).length / 20, `${first.length} bytes`);
});

t.test('what cannot be made smaller, and nothing', async t => {
  const random = Array.from({ length: 20 }, () => new Lines(256, randomBytes(1000)));
  t.ok(gunzipSync(await compressed(new GzipBodies(), random)).equals(textOf(random)));
  t.equal(gunzipSync(await compressed(new GzipBodies(), [])).length, 0);
});

t.test('bodies at the same time', async t => {
  const bodies = new GzipBodies();
  const blocks = Array.from({ length: 30 }, (_, index) => new Lines(400, `line ${index}\n`));
  const several = await Promise.all([1, 2, 3].map(() => compressed(bodies, blocks)));
  for (const body of several) t.ok(gunzipSync(body).equals(textOf(blocks)));
});

t.test('a body that fails fails', async t => {
  async function* failing(): AsyncGenerator<Block> {
    yield await Promise.resolve(new Lines(1000));
    throw new Error('the renderer broke');
  }
  await t.rejects(async () => {
    for await (const chunk of new GzipBodies().compress(failing())) void chunk;
  }, /the renderer broke/);
});
