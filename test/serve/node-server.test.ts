import { setTimeout as sleep } from 'node:timers/promises';

import t, { type Test } from 'tap';

import { createDrain } from '../../src/serve/drain.js';
import { CONNECTION_LIMITS, createNodeServer, type ConnectionLimits } from '../../src/serve/node-server.js';
import { listen } from '../../src/serve/listen.js';
import { capturingLogger, closed, rawConnection, request, serve } from './support.js';

async function limited(t: Test, limits: Partial<ConnectionLimits>): Promise<number> {
  const { server } = createNodeServer(
    (_request, response) => response.end('ok'),
    undefined,
    { ...CONNECTION_LIMITS, ...limits },
    capturingLogger().logger,
  );
  const drain = createDrain();
  drain.watch(server);
  t.teardown(async () => await drain.end(0));
  return Number((await listen(server, '127.0.0.1:0')).split(':').at(-1));
}

const SHORT = { headersSeconds: 0.3, requestSeconds: 0.6, checkIntervalSeconds: 0.1 };

t.test('fault 44: slow headers (slowloris) end in 408', async t => {
  const socket = await rawConnection(t, await limited(t, SHORT));
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write('GET / HTTP/1.1\r\n');
  const dripping = setInterval(() => socket.write('X-A: b\r\n'), 50);
  t.teardown(() => clearInterval(dripping));
  await closed(socket);
  clearInterval(dripping);
  t.match(answer, /^HTTP\/1\.1 408 /);
});

t.test('fault 44: a connection that says nothing at all is closed', async t => {
  const socket = await rawConnection(t, await limited(t, SHORT));
  socket.resume();
  const start = performance.now();
  await closed(socket);
  t.ok(performance.now() - start < 5000);
});

t.test('fault 44: huge headers are 431', async t => {
  const { http, port } = await serve(t);
  const answer = await request(`${http}/metrics`, { headers: { 'x-big': 'x'.repeat(15_000) } });
  t.equal(answer.status, 200, 'long ones pass');
  const socket = await rawConnection(t, port);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(`GET /metrics HTTP/1.1\r\nHost: a\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`);
  await closed(socket);
  t.match(text, /^HTTP\/1\.1 431 /);
});

t.test('what is not HTTP is 400', async t => {
  const { port } = await serve(t);
  const socket = await rawConnection(t, port);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
  await closed(socket);
  t.match(text, /^HTTP\/1\.1 400 /);
});

t.test('connections beyond the limit are refused, and the limit is per moment', async t => {
  const port = await limited(t, { connections: 2 });
  const kept = [await rawConnection(t, port), await rawConnection(t, port)];
  await sleep(50);
  const third = await rawConnection(t, port);
  third.resume();
  await closed(third);
  t.equal(kept.filter(socket => socket.destroyed).length, 0);
  for (const socket of kept) socket.destroy();
  await sleep(50);
  t.equal((await request(`http://127.0.0.1:${port}/`)).text, 'ok');
});

t.test('the limits are sensible for a scraper', async t => {
  t.ok(CONNECTION_LIMITS.keepAliveSeconds > 120, 'a scrape every two minutes reuses its connection');
  t.ok(CONNECTION_LIMITS.headersSeconds <= 30);
  t.ok(CONNECTION_LIMITS.requestSeconds >= CONNECTION_LIMITS.headersSeconds);
});
