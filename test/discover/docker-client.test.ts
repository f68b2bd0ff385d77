import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { fakeId, hang, html, json, reset, trickle, truncated } from '../support/fake-docker-api.js';
import { clientFor, failureOf, startApi, until } from './harness.js';

/** For daemons that never answer: a test waits for this time to be over. */
const HASTY = { timeoutSeconds: 0.3 };
const never = new AbortController().signal;

t.test('asks for all containers, by paths without a version', async t => {
  const api = await startApi(t);
  api.add(1, { name: 'web' });
  const { client, requests } = clientFor(t, api.host);
  t.match(await client.version(), { engine: 'docker', version: '20.10.24', apiVersion: '1.41' });
  t.match(await client.info(), { name: 'fake', cgroupVersion: 2, rootless: false });
  t.match(await client.list(), [{ id: fakeId(1), name: 'web', state: 'running' }]);
  t.match(await client.inspect(fakeId(1)), { container: { name: 'web', pid: 1001 } });
  t.same(api.requests, ['/version', '/info', '/containers/json?all=true', `/containers/${fakeId(1)}/json`]);
  t.same(requests, ['version 200', 'info 200', 'list 200', 'inspect 200']);
  t.equal(client.address, api.host);
});

t.test('one connection serves requests that follow one another', async t => {
  const api = await startApi(t);
  const { client } = clientFor(t, api.host);
  for (let round = 0; round < 20; round += 1) {
    await client.list();
  }
  t.equal(api.connections, 1);
});

t.test('fault 1: no socket', async t => {
  const { client, requests } = clientFor(t, 'unix:///nonexistent/docker.sock');
  t.same(await failureOf(client.list()), {
    code: 'missing',
    message:
      'no Docker socket at unix:///nonexistent/docker.sock: start Docker or name its socket with --docker.host',
  });
  t.same(requests, ['list missing']);
});

t.test('fault 1: none of the default sockets: the message names all that were looked at', async t => {
  const { client } = clientFor(t, '', {
    homeDirectory: '/home/ann',
    env: { XDG_RUNTIME_DIR: '/run/user/1000' },
    socketExists: () => false,
  });
  const { code, message } = await failureOf(client.version());
  t.equal(code, 'missing');
  t.equal(
    message,
    'no Docker socket: looked at /var/run/docker.sock, /run/user/1000/docker.sock, ' +
      '/home/ann/.docker/run/docker.sock, /run/podman/podman.sock; start Docker or name its socket with --docker.host',
  );
});

t.test('fault 2: a socket without permission', async t => {
  const api = await startApi(t);
  const { client } = clientFor(t, api.host);
  await client.list();
  client.close();
  api.forbid();
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    process.seteuid?.(65_534);
  }
  const { code, message } = await failureOf(client.list()).finally(() => asRoot && process.seteuid?.(0));
  t.equal(code, 'forbidden');
  t.match(message, /^no permission to open unix:.*member of the group that owns the socket, usually docker$/);
});

t.test('fault 3: a socket that nobody listens at', async t => {
  const api = await startApi(t);
  const path = join(api.directory, 'dead.sock');
  writeFileSync(path, '');
  const { client } = clientFor(t, `unix://${path}`);
  const { code, message } = await failureOf(client.list());
  t.equal(code, 'refused');
  t.equal(message, `nothing listens at unix://${path}: start the Docker daemon`);
});

for (const endpoint of ['version', 'info', 'list', 'inspect', 'events'] as const) {
  t.test(`fault 4: the daemon accepts GET ${endpoint} and never answers`, async t => {
    const api = await startApi(t);
    api.script.set(endpoint, hang);
    const { client } = clientFor(t, api.host, HASTY);
    const calls = {
      version: () => client.version(),
      info: () => client.info(),
      list: () => client.list(),
      inspect: () => client.inspect(fakeId(1)),
      events: () => client.events({}, never),
    };
    const began = Date.now();
    const { code, message } = await failureOf(calls[endpoint]());
    t.equal(code, 'timeout');
    t.match(message, /was not answered in full within 0\.3 s/);
    t.ok(Date.now() - began < 9000, 'in time');
    await until('the connection is closed', () => api.connections === 0);
  });
}

const brokenBodies = {
  'fault 5: a body that trickles': { answer: trickle, code: 'timeout' },
  'fault 6: a body cut short, the connection closed': { answer: truncated({ close: true }), code: 'reset' },
  'fault 6: a body cut short, the connection open': { answer: truncated({ close: false }), code: 'timeout' },
  'fault 7: HTML with status 200': { answer: html(200), code: 'malformed' },
  'fault 7: null': { answer: json(null), code: 'malformed' },
  'fault 7: an object instead of a list': { answer: json({ message: 'no' }), code: 'malformed' },
  'fault 7: a list of nonsense': { answer: json([1]), code: 'malformed' },
  'fault 7: a list of containers without id': { answer: json([{ Names: ['/a'] }]), code: 'malformed' },
  'fault 8: 500 by the daemon': { answer: json({ message: 'layer does not exist' }, 500), code: '500' },
  'fault 8: 502 by a proxy, in HTML': { answer: html(502), code: '502' },
  'fault 8: 503 by a proxy, in HTML': { answer: html(503), code: '503' },
  'fault 8: 403 by a proxy, in HTML': { answer: html(403), code: '403' },
  'fault 8: an error whose body is cut short': {
    answer: truncated({ close: true }),
    code: 'reset',
  },
  'a connection that is reset': { answer: reset, code: 'reset' },
};
for (const [name, { answer, code }] of Object.entries(brokenBodies)) {
  t.test(`${name}: ${code}, and the connection is closed`, async t => {
    const api = await startApi(t);
    api.script.set('list', answer);
    const { client, requests } = clientFor(t, api.host, code === 'timeout' ? HASTY : {});
    const failure = await failureOf(client.list());
    t.equal(failure.code, code);
    t.notMatch(failure.message, /[\n<]/, 'one line without HTML');
    api.script.delete('list');
    t.same(await clientFor(t, api.host).client.list(), []);
    t.same(requests, [`list ${code}`]);
    await until('the failed connection is closed', () => api.connections <= 2);
  });
}

t.test("fault 8: the daemon's own words are passed on", async t => {
  const api = await startApi(t);
  api.script.set('list', json({ message: 'layer\ndoes not exist' }, 500));
  const { client } = clientFor(t, api.host);
  const { message } = await failureOf(client.list());
  t.equal(message, `Docker at ${api.host} answered GET /containers/json with HTTP 500 layer does not exist`);
});

t.test('fault 9: an inspect of a container that went away is 404', async t => {
  const api = await startApi(t);
  const { client } = clientFor(t, api.host);
  t.equal((await failureOf(client.inspect(fakeId(9)))).code, '404');
});

t.test('fault 11: a daemon that wants another API version is asked in that one', async t => {
  const api = await startApi(t);
  api.script.set('list', (response, request) => {
    const message = 'client version 1.53 is too new. Maximum supported API version is 1.41';
    json(
      request.url?.startsWith('/v1.41/') ? [] : { message },
      request.url?.startsWith('/v1.41/') ? 200 : 400,
    )(response, request);
  });
  const { client } = clientFor(t, api.host);
  t.same(await client.list(), []);
  t.same(await client.list(), []);
  t.same(api.requests, [
    '/containers/json?all=true',
    '/v1.41/containers/json?all=true',
    '/v1.41/containers/json?all=true',
  ]);
});

t.test('fault 11: a daemon that turns every version down is asked twice, not for ever', async t => {
  const api = await startApi(t);
  const message = 'client version 1.53 is too old. Minimum supported API version is 1.60';
  api.script.set('list', json({ message }, 400));
  const { client } = clientFor(t, api.host);
  t.equal((await failureOf(client.list())).code, '400');
  t.equal(api.requests.length, 2);
});

t.test('a daemon newer than this program is asked in the newest version that it knows', async t => {
  const api = await startApi(t);
  api.script.set('version', json({ Version: '40.0.0', ApiVersion: '1.70' }));
  const { client } = clientFor(t, api.host);
  await client.version();
  await client.list();
  t.same(api.requests, ['/version', '/v1.53/containers/json?all=true']);
});

t.test('fault 12: 5000 containers and 60 kB of labels', async t => {
  const api = await startApi(t);
  for (let number = 1; number <= 5000; number += 1) {
    api.add(number, { labels: { note: 'x'.repeat(500) } });
  }
  api.add(6000, { labels: { note: 'x'.repeat(60_000), keep: 'this' } });
  const { client } = clientFor(t, api.host, { timeoutSeconds: 10, keepLabel: name => name === 'keep' });
  t.equal((await client.list()).length, 5001);
  const { container } = await client.inspect(fakeId(6000));
  t.same([...container.labels], [['keep', 'this']]);
});

t.test('fault 12: an answer without end is given up for its size', async t => {
  const api = await startApi(t);
  api.script.set('version', response => {
    response.writeHead(200);
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, ' ')));
    };
    response.on('drain', write);
    write();
  });
  const { client } = clientFor(t, api.host, { timeoutSeconds: 10 });
  const { code, message } = await failureOf(client.version());
  t.equal(code, 'malformed');
  t.match(message, /more than 8388608 bytes/);
  await until('the connection is closed', () => api.connections === 0);
});

t.test('events of containers only are asked for, with a time to start from', async t => {
  const api = await startApi(t);
  const { client } = clientFor(t, api.host);
  const stop = new AbortController();
  await client.events({ sinceSeconds: 1795472428.7, actions: ['start'] }, stop.signal);
  const url = new URL(api.requests[0] ?? '', 'http://docker');
  t.equal(url.pathname, '/events');
  t.equal(url.searchParams.get('since'), '1795472428');
  t.same(JSON.parse(url.searchParams.get('filters') ?? ''), { type: ['container'], event: ['start'] });
  stop.abort();
  await until('the stream is closed', () => api.streams === 0);
});

t.test('an event stream outlives the timeout, and a signal ends it', async t => {
  const api = await startApi(t);
  const { client } = clientFor(t, api.host, { timeoutSeconds: 0.05 });
  const stop = new AbortController();
  const stream = await client.events({}, stop.signal);
  const seen: string[] = [];
  setTimeout(() => api.emit('start', fakeId(1)), 200);
  setTimeout(() => stop.abort(), 300);
  await failureOf(
    (async () => {
      for await (const { action } of stream) {
        seen.push(action);
      }
    })(),
  );
  t.same(seen, ['start']);
});

t.test('a signal ends a request, also one that has aborted before', async t => {
  const api = await startApi(t);
  api.script.set('list', hang);
  const { client } = clientFor(t, api.host, { timeoutSeconds: 10 });
  t.equal((await failureOf(client.list(AbortSignal.timeout(50)))).code, 'other');
  t.equal((await failureOf(client.list(AbortSignal.abort()))).code, 'other');
});

t.test(
  'DOCKER_HOST is used, --docker.host goes before it, and the environment of the process does not count',
  async t => {
    const api = await startApi(t);
    const { client } = clientFor(t, '', { env: { DOCKER_HOST: api.host } });
    t.same(await client.list(), []);
    const before = process.env['DOCKER_HOST'];
    t.teardown(() =>
      before === undefined ? delete process.env['DOCKER_HOST'] : (process.env['DOCKER_HOST'] = before),
    );
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    const { client: other } = clientFor(t, api.host, { env: { DOCKER_HOST: 'tcp://127.0.0.1:1' } });
    t.same(await other.list(), []);
  },
);

t.test('a proxy that listens on TCP', async t => {
  const server = createServer((_, response) => response.end('[]'));
  t.teardown(() => server.close());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { client } = clientFor(t, `tcp://127.0.0.1:${port}`);
  t.same(await client.list(), []);
  t.equal(client.address, `tcp://127.0.0.1:${port}`);
});

t.test('once an endpoint has answered, no other takes its place', async t => {
  const first = await startApi(t);
  const second = await startApi(t);
  second.add(1);
  let exists = true;
  const { client } = clientFor(t, '', {
    env: { XDG_RUNTIME_DIR: first.directory },
    homeDirectory: second.directory,
    socketExists: path => path === first.socketPath && exists,
  });
  t.same(await client.list(), []);
  await first.stop();
  exists = false;
  t.equal((await failureOf(client.list())).code, 'missing');
});
