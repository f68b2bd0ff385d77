import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';

import t, { type Test } from 'tap';

import { fixedSource, request, serve } from './support.js';

const HAS_IPV6 = Object.values(networkInterfaces()).some(list =>
  list?.some(({ address }) => address === '::1'),
);

async function occupied(t: Test, host: string): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, host, resolve);
  });
  t.teardown(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

t.test('fault 50: several addresses, IPv4 and IPv6, serve the same', async t => {
  const listenAddresses = ['127.0.0.1:0', 'localhost:0', ...(HAS_IPV6 ? ['[::1]:0'] : [])];
  const { server } = await serve(t, fixedSource(), { listenAddresses });
  t.equal(server.addresses.length, listenAddresses.length);
  for (const address of server.addresses) {
    t.equal((await request(`http://${address}/metrics`)).text, 'up 1\n', address);
  }
  t.match(
    server.addresses[1],
    /^127\.0\.0\.1:\d+$/,
    'a name with both families is its IPv4 address, as in Go',
  );
});

t.test(
  'fault 50: no host is every address of both families',
  { skip: !HAS_IPV6 && 'no IPv6 here' },
  async t => {
    const { server, port } = await serve(t, fixedSource(), { listenAddresses: [':0'] });
    t.equal(server.addresses[0], `[::]:${port}`);
    for (const host of ['127.0.0.1', '[::1]']) {
      t.equal((await request(`http://${host}:${port}/metrics`)).status, 200, host);
    }
  },
);

t.test('fault 49: an address in use is told with option, address and fix, and closes the others', async t => {
  const port = await occupied(t, '127.0.0.1');
  const free = await occupied(t, '127.0.0.2');
  const listenAddresses = [`127.0.0.1:${free}`, `127.0.0.1:${port}`];
  await t.rejects(serve(t, fixedSource(), { listenAddresses }), {
    message: new RegExp(
      `^--web\\.listen-address="127\\.0\\.0\\.1:${port}" cannot be listened on: another process listens there: stop it or choose another port \\(.*EADDRINUSE`,
    ),
  });
  await t.rejects(request(`http://127.0.0.1:${free}/`), { code: 'ECONNREFUSED' });
});

t.test('fault 49: a port in use on one family is no success on the other', async t => {
  const port = await occupied(t, '0.0.0.0');
  await t.rejects(serve(t, fixedSource(), { listenAddresses: [`:${port}`] }), { message: /EADDRINUSE/ });
});

t.test('addresses that this machine does not have', async t => {
  await t.rejects(serve(t, fixedSource(), { listenAddresses: ['192.0.2.1:0'] }), {
    message: /"192\.0\.2\.1:0" cannot be listened on: this machine does not have that address.*EADDRNOTAVAIL/,
  });
  await t.rejects(serve(t, fixedSource(), { listenAddresses: ['name.invalid:0'] }), {
    message: /"name\.invalid:0" cannot be listened on: the name does not resolve/,
  });
});

t.test('a malformed address is told before anything listens', async t => {
  await t.rejects(serve(t, fixedSource(), { listenAddresses: ['10401'] }), { message: /write ":10401"/ });
});
