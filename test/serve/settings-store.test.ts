import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';

import { hashSync } from 'bcryptjs';
import t from 'tap';

import { Authority, freshDirectory, LOG_LEVELS, request, serve, serveConfigured } from './support.js';

const HASH = hashSync('secret', 4);
const OPEN = '# anyone may read\n';
const CLOSED = `basic_auth_users:\n  alice: ${HASH}\n`;

t.test('fault 52: basic authentication guards every path', async t => {
  const { http } = await serveConfigured(t, CLOSED);
  for (const path of ['/metrics', '/', '/-/healthy', '/-/ready', '/nowhere']) {
    const refused = await request(http + path);
    t.equal(refused.status, 401, path);
    t.match(refused.headers['www-authenticate'], /^Basic realm="confined"/, path);
    t.notMatch(refused.text, 'up 1');
  }
  t.equal((await request(`${http}/metrics`, { auth: 'alice:wrong' })).status, 401);
  t.equal((await request(`${http}/metrics`, { auth: 'alice:secret' })).text, 'up 1\n');
});

t.test('headers of the file replace ours, and blank ones remove them', async t => {
  const { http } = await serveConfigured(
    t,
    'http_server_config:\n  headers:\n    X-Frame-Options: sameorigin\n    Content-Security-Policy: ""\n    Strict-Transport-Security: max-age=1\n',
  );
  const { headers } = await request(`${http}/metrics`);
  t.match(headers, { 'x-frame-options': 'sameorigin', 'strict-transport-security': 'max-age=1' });
  t.notOk('content-security-policy' in headers);
});

t.test('the rate limit answers 429, and a reload that does not change it keeps its tokens', async t => {
  const { status, server, http } = await serveConfigured(t, 'rate_limit: {interval: 1h, burst: 2}\n');
  t.same([await status(), await status(), await status()], [200, 200, 429]);
  t.equal((await request(`${http}/metrics`)).headers['retry-after'], '3600');
  await server.reload();
  t.equal(await status(), 429);
});

t.test('http2 is accepted, and said once not to be served', async t => {
  const { lines, server } = await serveConfigured(t, 'http_server_config: {http2: true}\n');
  await server.reload();
  t.equal(lines.filter(line => line.msg.includes('HTTP/1.1 is served')).length, 1);
  t.equal((await serveConfigured(t, OPEN)).lines.filter(line => line.msg.includes('HTTP/1.1')).length, 0);
});

t.test('fault 51: reload() puts a good file into force and keeps the last good one otherwise', async t => {
  const { file, server, status, reloads, lines } = await serveConfigured(t, OPEN);
  t.same(reloads, [true], 'the load at start counts');
  t.equal(await status(), 200);
  writeFileSync(file, CLOSED);
  t.equal(await server.reload(), true);
  t.equal(await status(), 401);
  writeFileSync(file, 'basic_auth_users: {alice: plain}\nnonsense: 1\n');
  t.equal(await server.reload(), false);
  t.equal(await status(), 401, 'the guard stays up');
  rmSync(file);
  t.equal(await server.reload(), false);
  t.equal(await status(), 401);
  t.ok(reloads.includes(false));
  const errors = lines.filter(line => line.level === LOG_LEVELS.error);
  t.match(
    errors[0]?.reason,
    /web\.yml:\d: basic_auth_users\.alice: not a bcrypt hash.*web\.yml:2: nonsense: unknown key/,
  );
  t.ok(errors.every(line => !line.reason?.includes('\n')));
});

t.test('a file that is caught half written does not open what asked for a password', async t => {
  const { file, server, status } = await serveConfigured(t, CLOSED);
  writeFileSync(file, '');
  t.equal(await server.reload(), false);
  t.equal(await status(), 401);
  writeFileSync(file, OPEN);
  t.equal(await server.reload(), true);
  t.equal(await status(), 200);
});

t.test('without a file there is nothing to reload', async t => {
  const { server, reloads } = await serve(t);
  t.equal(await server.reload(), true);
  t.same(reloads, []);
});

t.test('many reloads at once do not mix', async t => {
  const { server, file, status } = await serveConfigured(t, OPEN);
  const results = Promise.all(Array.from({ length: 20 }, async () => await server.reload()));
  writeFileSync(file, CLOSED);
  t.ok((await results).every(Boolean));
  await server.reload();
  t.equal(await status(), 401);
});

t.test(
  'fault 51: TLS cannot be switched on, nor client certificates asked for, without a restart: said, and the old kept',
  async t => {
    const authority = new Authority(join(freshDirectory(t), 'ca'));
    const { certificate, key } = authority.issue('server');
    const tls = `tls_server_config:\n  cert_file: ${certificate}\n  key_file: ${key}\n`;
    const plain = await serveConfigured(t, OPEN);
    writeFileSync(plain.file, tls);
    t.equal(await plain.server.reload(), false);
    t.equal(await plain.status(), 200, 'still plain HTTP');
    t.match(plain.lines.at(-1)?.reason, /web\.yml: tls_server_config: switching TLS on needs a restart/);

    const secure = await serveConfigured(t, tls);
    writeFileSync(secure.file, OPEN);
    t.equal(await secure.server.reload(), false);
    t.match(secure.lines.at(-1)?.reason, /switching TLS off needs a restart/);
    writeFileSync(secure.file, `${tls}  client_auth_type: RequireAnyClientCert\n`);
    t.equal(await secure.server.reload(), false);
    t.match(
      secure.lines.at(-1)?.reason,
      /client_auth_type: changing from or to NoClientCert needs a restart/,
    );
    const ca = readFileSync(authority.certificate);
    t.equal((await request(`${secure.https}/metrics`, { ca })).status, 200, 'still HTTPS');
  },
);

t.test('an authority that is withdrawn stops its clients, a resumed session changes nothing', async t => {
  const old = new Authority(freshDirectory(t), 'old');
  const next = new Authority(freshDirectory(t), 'next');
  const served = old.issue('server');
  const client = old.issue('client');
  for (const version of ['TLS12', 'TLS13']) {
    const text = (authority: Authority) => `tls_server_config:
  cert_file: ${served.certificate}
  key_file: ${served.key}
  max_version: ${version}
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ${authority.certificate}
  client_allowed_sans: [localhost]
`;
    const { file, server, port } = await serveConfigured(t, text(old));
    const identity = {
      ca: readFileSync(old.certificate),
      cert: readFileSync(client.certificate),
      key: readFileSync(client.key),
    };
    const first = await scrapeOverTls(port, identity);
    const second = await scrapeOverTls(port, { ...identity, session: first.session });
    t.same([first.reused, second.reused], [false, true], version);
    t.match(second.text, 'up 1', 'a resumed session is let in');
    writeFileSync(file, text(next));
    t.equal(await server.reload(), true);
    const third = await scrapeOverTls(port, { ...identity, session: second.session });
    t.notMatch(third.text, 'up 1', `${version}: refused after the change`);
  }
});

interface Scraped {
  readonly text: string;
  readonly reused: boolean;
  readonly session: Buffer | undefined;
}

/** One scrape on a connection of its own, which may resume a session. */
async function scrapeOverTls(port: number, options: ConnectionOptions): Promise<Scraped> {
  return await new Promise(resolve => {
    let text = '';
    let session: Buffer | undefined;
    let reused = false;
    const socket = connect({ port, host: '127.0.0.1', ...options }, () => {
      reused = socket.isSessionReused();
      socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    });
    socket.on('session', (ticket: Buffer) => (session = ticket));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, reused, session }));
  });
}
