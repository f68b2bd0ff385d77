import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { LateListener } from '../../src/serve/late-listener.js';
import { request } from './support.js';

t.test('requests that come before the listener is loaded wait for it', async t => {
  const requested: string[] = [];
  const late = new LateListener(async () => {
    await early;
    return (incoming, response) => {
      requested.push(incoming.url ?? '');
      response.end('answered\n');
    };
  });
  const server = createServer(late.listener);
  const early = new Promise<void>(resolve => {
    server.once('request', () => resolve());
  });
  t.teardown(() => server.close());
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const http = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = [request(`${http}/early`), late.load()] as const;
  t.equal((await answers[0]).text, 'answered\n');
  await answers[1];
  t.equal((await request(`${http}/late`)).text, 'answered\n');
  t.strictSame(requested, ['/early', '/late']);
});
