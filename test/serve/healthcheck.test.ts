import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import t, { type Test } from 'tap';
import { checkHealth } from '../../src/serve/healthcheck.js';
import { serve } from './support.js';

const PATIENCE_SECONDS = 30;

t.test('a daemon that answers is healthy', async t => {
  const { port } = await serve(t);
  for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', undefined])
    t.equal(await checkHealth([{ host, port }], PATIENCE_SECONDS), undefined, `${host}`);
});

t.test('a daemon that answers with an error is not', async t => {
  const port = await listening(
    t,
    createServer((_request, response) => response.writeHead(503).end()),
  );
  t.match(
    await checkHealth([{ host: '127.0.0.1', port }], PATIENCE_SECONDS),
    /^.*:\d+ is not healthy: it answers 503/,
  );
});

t.test('one that wants a password, or fewer requests, is healthy', async t => {
  for (const status of [401, 429]) {
    const port = await listening(
      t,
      createServer((_request, response) => response.writeHead(status).end()),
    );
    t.equal(await checkHealth([{ host: '127.0.0.1', port }], PATIENCE_SECONDS), undefined);
  }
});

t.test('nothing that listens: the address and the reason, once', async t => {
  const server = createTcpServer();
  const port = await listening(t, server);
  await new Promise(resolve => server.close(resolve));
  t.equal(
    await checkHealth([{ host: undefined, port }], PATIENCE_SECONDS),
    `the daemon at 127.0.0.1:${port} is not healthy: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

t.test('a process that accepts and never answers is not healthy', async t => {
  const port = await listening(
    t,
    createTcpServer(socket => t.teardown(() => socket.destroy())),
  );
  const problem = await checkHealth([{ host: '127.0.0.1', port }], 0.3);
  t.equal(problem, `the daemon at 127.0.0.1:${port} is not healthy: no answer within 0.3 s`);
});

t.test('what speaks neither HTTP nor TLS is not healthy', async t => {
  const port = await listening(
    t,
    createTcpServer(socket => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n')),
  );
  t.match(await checkHealth([{ host: '127.0.0.1', port }], PATIENCE_SECONDS), /is not healthy/);
});

async function listening(t: Test, server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}
