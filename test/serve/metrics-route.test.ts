import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import t from 'tap';

import { textBlock, type Block } from '../../src/metrics/block.js';
import type { ScrapeSource } from '../../src/serve/scrape-source.js';
import { blocksOf, fixedSource, heldSource, LOG_LEVELS, request, serve, until } from './support.js';

t.test('a scrape: chunks in order, with type and Vary', async t => {
  const { http } = await serve(t, fixedSource(['# TYPE up gauge\n', 'up 1\n']));
  const { status, text, headers } = await request(`${http}/metrics`);
  t.equal(status, 200);
  t.equal(text, '# TYPE up gauge\nup 1\n');
  t.match(headers, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    vary: 'Accept, Accept-Encoding',
  });
});

t.test('an empty scrape is an empty body', async t => {
  const { http } = await serve(t, fixedSource([]));
  t.equal((await request(`${http}/metrics`)).text, '');
  const zipped = await request(`${http}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
  t.equal(gunzipSync(zipped.body).toString(), '');
});

t.test('format, collectors and timeout reach the source', async t => {
  const source = fixedSource();
  const { http } = await serve(t, source);
  await request(`${http}/metrics`);
  const openmetrics = await request(`${http}/metrics?collect[]=cpu`, {
    headers: {
      accept: 'application/openmetrics-text;version=1.0.0',
      'x-prometheus-scrape-timeout-seconds': '9.5',
    },
  });
  t.equal(openmetrics.headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  for (const nonsense of ['-1', '0', 'NaN', '1e9', 'soon', '']) {
    await request(`${http}/metrics`, { headers: { 'x-prometheus-scrape-timeout-seconds': nonsense } });
  }
  const all = { format: 'text', collectors: undefined, timeoutSeconds: undefined };
  t.same(source.requests, [
    all,
    { format: 'openmetrics', collectors: new Set(['cpu']), timeoutSeconds: 9.5 },
    ...Array.from({ length: 6 }, () => all),
  ]);
});

t.test('a filter that makes no sense is 400 and scrapes nothing', async t => {
  const source = fixedSource();
  const { http } = await serve(t, source);
  const unknown = await request(`${http}/metrics?collect[]=disk`);
  t.equal(unknown.status, 400);
  t.equal(unknown.text, 'There is no collector "disk": use cpu, memory, security.\n');
  t.equal((await request(`${http}/metrics?collect[]=cpu&exclude[]=cpu`)).status, 400);
  t.same(source.requests, []);
});

t.test('HEAD scrapes, so that its status is true, and sends no body', async t => {
  const source = fixedSource();
  const { http } = await serve(t, source);
  const { status, body } = await request(`${http}/metrics`, { method: 'HEAD' });
  t.equal(status, 200);
  t.equal(body.length, 0);
  t.equal(source.requests.length, 1);
});

t.test('fault 42: scrapes above the limit are 503 at once, and the others go on', async t => {
  const source = heldSource();
  const { http, inFlight } = await serve(t, source, { maxRequests: 2 });
  const held = [request(`${http}/metrics`), request(`${http}/metrics`)];
  await until(() => source.running() === 2);
  const start = performance.now();
  const refused = await request(`${http}/metrics`);
  t.ok(performance.now() - start < 1000);
  t.equal(refused.status, 503);
  t.equal(refused.headers['retry-after'], '1');
  t.match(refused.text, /^2 scrapes are running already: .*--web\.max-requests/);
  t.equal((await request(`${http}/-/healthy`)).status, 200, 'only scrapes are limited');
  source.release();
  for (const answer of await Promise.all(held)) t.equal(answer.status, 200);
  const next = request(`${http}/metrics`);
  await until(() => source.running() === 1);
  source.release();
  t.equal((await next).status, 200, 'places are given back');
  t.same(inFlight, [1, 2, 1, 0, 1, 0]);
});

t.test('a limit of 0 is no limit', async t => {
  const source = heldSource();
  const { http } = await serve(t, source, { maxRequests: 0 });
  const held = Array.from({ length: 60 }, async () => await request(`${http}/metrics`));
  await until(() => source.running() === 60);
  source.release();
  for (const { status } of await Promise.all(held)) t.equal(status, 200);
});

t.test('fault 46: a scrape that fails is 500 in one line, logged once until it changes', async t => {
  let failure: Error | undefined = new Error('the snapshot\n    at secret.js:1:1 is gone');
  const source: ScrapeSource = {
    ...fixedSource(),
    scrape: async () => await (failure ? Promise.reject(failure) : Promise.resolve(blocksOf([]))),
  };
  const { http, lines } = await serve(t, source);
  for (const attempt of [1, 2, 3]) {
    const { status, text } = await request(`${http}/metrics`);
    t.equal(status, 500, `attempt ${attempt}`);
    t.equal(text, 'The scrape failed: the snapshot at secret.js:1:1 is gone\n');
  }
  const errorCount = () => lines.filter(line => line.level === LOG_LEVELS.error).length;
  t.equal(errorCount(), 1);
  failure = new Error('something else');
  await request(`${http}/metrics`);
  t.equal(errorCount(), 2);
  failure = undefined;
  t.equal((await request(`${http}/metrics`)).status, 200);
  t.ok(lines.some(line => line.msg === 'scrapes succeed again'));
});

t.test('a source that throws at once is no different', async t => {
  const source: ScrapeSource = {
    ...fixedSource(),
    scrape: () => {
      throw new Error('at once');
    },
  };
  const { http } = await serve(t, source);
  t.equal((await request(`${http}/metrics`)).text, 'The scrape failed: at once\n');
});

t.test('fault 46: a failure before the first chunk is 500, one after it cuts the answer short', async t => {
  async function* failing(before: readonly string[]): AsyncGenerator<Block> {
    yield* blocksOf(before);
    throw new Error('the renderer broke');
  }
  let before: string[] = [];
  const source: ScrapeSource = {
    ...fixedSource(),
    scrape: async () => await Promise.resolve(failing(before)),
  };
  const { http, lines, inFlight } = await serve(t, source);
  t.equal((await request(`${http}/metrics`)).text, 'The scrape failed: the renderer broke\n');
  before = ['up 1\n'];
  for (const encoding of ['gzip', 'identity']) {
    const cutShort = request(`${http}/metrics`, { headers: { 'accept-encoding': encoding } });
    await t.rejects(cutShort, { code: 'ECONNRESET' }, `${encoding}: never taken for a whole scrape`);
  }
  t.equal(lines.filter(line => line.level === LOG_LEVELS.error).length, 1, 'logged once');
  await until(() => inFlight.at(-1) === 0);
});

t.test('a body that stops half-way, or is not wanted any more, gives its place back', async t => {
  const ended: string[] = [];
  async function* stuck(): AsyncGenerator<Block> {
    yield textBlock(Buffer.from('up 1\n'));
    await new Promise(() => undefined);
  }
  async function* endless(): AsyncGenerator<Block> {
    try {
      for (;;) yield await Promise.resolve(textBlock(randomBytes(64 * 1024)));
    } finally {
      ended.push('endless');
    }
  }
  let body: () => AsyncIterable<Block> = stuck;
  const source: ScrapeSource = { ...fixedSource(), scrape: async () => await Promise.resolve(body()) };
  const { http, inFlight } = await serve(t, source, { responseTimeoutSeconds: 0.3 });
  await t.rejects(request(`${http}/metrics`), { code: 'ECONNRESET' });
  await until(() => inFlight.at(-1) === 0);
  body = endless;
  await t.rejects(request(`${http}/metrics`), 'a body without end has a deadline');
  await until(() => inFlight.at(-1) === 0);
  t.equal((await request(`${http}/metrics`, { method: 'HEAD' })).status, 200);
  await until(() => ended.length === 2);
  t.same(inFlight, [1, 0, 1, 0, 1, 0]);
});

t.test('a scrape that never ends gives its place back', async t => {
  const { http, inFlight } = await serve(t, heldSource(), { responseTimeoutSeconds: 0.2 });
  const { status, text } = await request(`${http}/metrics`);
  t.equal(status, 500);
  t.equal(text, 'The scrape failed: no result after 0.2 s\n');
  t.same(inFlight, [1, 0]);
});

t.test('one connection carries scrape after scrape', async t => {
  const { http } = await serve(t, fixedSource(), { responseTimeoutSeconds: 0.2 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const ports = new Set<number | undefined>();
  agent.on('free', (socket: { localPort?: number }) => ports.add(socket.localPort));
  for (const pauseMilliseconds of [0, 0, 500]) {
    await sleep(pauseMilliseconds);
    t.equal((await request(`${http}/metrics`, { agent })).status, 200);
  }
  t.equal(ports.size, 1, 'and the response timeout does not end it between scrapes');
});
