import t from 'tap';
import { ByteChunk } from '../../src/metrics/byte-chunk.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

t.test('what was appended is taken once', async t => {
  const chunk = new ByteChunk(64);
  chunk.append(bytesOf('# TYPE x gauge\n'));
  chunk.appendSample(bytesOf('x{'), bytesOf('id="/"} '), 1.5);
  t.equal(textOf(chunk.take()), '# TYPE x gauge\nx{id="/"} 1.5\n');
  t.equal(chunk.length, 0);
  t.equal(textOf(chunk.take()), '');
});

t.test('more than its capacity finds room', async t => {
  const chunk = new ByteChunk(4);
  const long = 'a'.repeat(1000);
  chunk.append(bytesOf(long));
  chunk.appendSample(bytesOf(`${long}{`), bytesOf(`id="${long}"} `), 12);
  chunk.append(bytesOf('end'));
  t.equal(textOf(chunk.take()), `${long}${long}{id="${long}"} 12\nend`);
});

t.test('what is appended next takes the place of what was taken', async t => {
  const chunk = new ByteChunk(16);
  chunk.append(bytesOf('first'));
  const first = chunk.take();
  t.equal(textOf(first), 'first');
  chunk.append(bytesOf('SECOND'));
  const second = chunk.take();
  t.equal(textOf(second), 'SECOND');
  t.equal(first.buffer, second.buffer);
});
