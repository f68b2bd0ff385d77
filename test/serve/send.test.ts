import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import t from 'tap';

import {
  closed,
  fixedSource,
  heldSource,
  LOG_LEVELS,
  rawConnection,
  request,
  serve,
  until,
} from './support.js';

const BIG = Array.from({ length: 64 }, () => randomBytes(256 * 1024));

t.test('fault 48: gzip and identity carry the same body, of any size', async t => {
  const { http } = await serve(t, fixedSource(BIG));
  const plain = await request(`${http}/metrics`, { headers: { 'accept-encoding': 'identity' } });
  const zipped = await request(`${http}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
  const expected = Buffer.concat(BIG);
  t.ok(plain.body.equals(expected));
  t.notOk('content-encoding' in plain.headers);
  t.ok(gunzipSync(zipped.body).equals(expected));
  t.equal(zipped.headers['content-encoding'], 'gzip');
});

t.test('compressing 16 MB leaves the event loop free', async t => {
  const { http } = await serve(t, fixedSource(BIG));
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  await request(`${http}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
  clearInterval(ticking);
  t.ok(turns > BIG.length / 2, `${turns} other turns of the event loop for ${BIG.length} chunks`);
});

t.test('fault 43: a client that disconnects during its scrape leaves nothing behind', async t => {
  const source = heldSource();
  const { port, http, inFlight, lines } = await serve(t, source);
  const socket = await rawConnection(t, port);
  socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => source.running() === 1);
  socket.destroy();
  await sleep(50);
  source.release();
  await until(() => inFlight.at(-1) === 0);
  t.same(
    lines.filter(line => line.level > LOG_LEVELS.info),
    [],
    'nothing above debug but the start',
  );
  const answer = request(`${http}/metrics`);
  await until(() => source.running() === 1);
  source.release();
  t.equal((await answer).status, 200);
});

t.test('fault 43: a client that disconnects during the body leaves nothing behind', async t => {
  for (const encoding of ['gzip', 'identity']) {
    const { port, inFlight, lines } = await serve(t, fixedSource(BIG));
    const socket = await rawConnection(t, port);
    socket.write(`GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
    await new Promise(resolve => {
      socket.once('data', resolve);
    });
    socket.destroy();
    await until(() => inFlight.at(-1) === 0);
    t.same(
      lines.filter(line => line.level > LOG_LEVELS.info),
      [],
      encoding,
    );
  }
});

t.test('fault 43: a client that never reads is cut after the response timeout', async t => {
  for (const encoding of ['gzip', 'identity']) {
    const { port, http, inFlight } = await serve(t, fixedSource(BIG), { responseTimeoutSeconds: 0.5 });
    const socket = await rawConnection(t, port);
    socket.pause();
    const start = performance.now();
    socket.write(`GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
    await until(() => inFlight.length === 1);
    t.equal((await request(`${http}/-/healthy`)).status, 200, 'others are served meanwhile');
    await until(() => inFlight.at(-1) === 0);
    const seconds = (performance.now() - start) / 1000;
    t.ok(seconds >= 0.4 && seconds < 4, `${encoding}: ${seconds} s`);
    socket.resume();
    await closed(socket);
  }
});

t.test('fault 43: a client that reads slowly, but reads, gets everything', async t => {
  const { port } = await serve(t, fixedSource(BIG), { responseTimeoutSeconds: 0.6 });
  const socket = await rawConnection(t, port);
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 5);
  });
  const start = performance.now();
  socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await closed(socket);
  t.ok(received > BIG.length * 256 * 1024, `${received} bytes`);
  t.ok(performance.now() - start > 600, 'for longer than the timeout');
});

t.test('fault 43: a client that reads next to nothing for ever is cut all the same', async t => {
  const { port, inFlight } = await serve(t, fixedSource([...BIG, ...BIG]), { responseTimeoutSeconds: 0.2 });
  const socket = await rawConnection(t, port);
  socket.on('data', () => {
    socket.pause();
    setTimeout(() => socket.resume(), 60);
  });
  socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => inFlight.at(-1) === 0);
  t.ok(socket.bytesRead < BIG.length * 2 * 256 * 1024);
});
