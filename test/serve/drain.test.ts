import { Agent } from 'node:http';

import t from 'tap';

import { closed, heldSource, rawConnection, request, serve, until } from './support.js';

t.test('fault 54: a scrape in flight at the end is finished within the grace period', async t => {
  const source = heldSource();
  const { http, server } = await serve(t, source);
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const scrape = request(`${http}/metrics`, { agent });
  await until(() => source.running() === 1);
  const start = performance.now();
  const end = server.close(5);
  await t.rejects(request(`${http}/-/healthy`), { code: 'ECONNREFUSED' }, 'nothing new is accepted');
  source.release();
  const answer = await scrape;
  t.equal(answer.text, 'up 1\n');
  t.equal(answer.headers.connection, 'close');
  await end;
  t.ok(performance.now() - start < 2000, 'and the end does not wait for the rest of the period');
});

t.test('fault 54: a scrape that outlasts the grace period is cut', async t => {
  const source = heldSource();
  const { http, server } = await serve(t, source);
  const scrape = request(`${http}/metrics`).then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  );
  await until(() => source.running() === 1);
  const start = performance.now();
  await server.close(0.3);
  const seconds = (performance.now() - start) / 1000;
  t.ok(seconds >= 0.25 && seconds < 2, `${seconds} s`);
  t.equal(await scrape, 'ECONNRESET');
});

t.test('idle connections, used or fresh, do not delay the end', async t => {
  const { http, server, port } = await serve(t);
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  await request(`${http}/metrics`, { agent });
  const fresh = await rawConnection(t, port);
  fresh.resume();
  const start = performance.now();
  await server.close(10);
  t.ok(performance.now() - start < 1000);
  await closed(fresh);
});

t.test('closing twice is harmless', async t => {
  const { server } = await serve(t);
  await Promise.all([server.close(1), server.close(1)]);
  await server.close(0);
  t.pass('no error');
});
