import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Authority, freshDirectory } from '../serve/support.js';
import { buildProgram, type Ended, type RunningProgram } from '../support/process.js';

t.setTimeout(300_000);
const program = buildProgram(t);
const NO_DOCKER = '--docker.host=unix:///nonexistent/docker.sock';

const check = (address: string): Promise<Ended> =>
  program.run(['healthcheck', `--web.listen-address=${address}`, '--docker.timeout=30s']);

async function serving(t: Test, webConfig?: string): Promise<RunningProgram> {
  if (webConfig === undefined) return await program.start(t, [NO_DOCKER]);
  const file = join(freshDirectory(t), 'web.yml');
  writeFileSync(file, webConfig);
  return await program.start(t, [NO_DOCKER, `--web.config.file=${file}`]);
}

t.test('over HTTP', async t => {
  const { address } = await serving(t);
  t.same(await check(address), { code: 0, signal: null, stdout: '', stderr: '' });
});

t.test('when nothing listens: exit 1 and the reason', async t => {
  const running = await serving(t);
  const { address } = running;
  await running.kill();
  const { code, stderr } = await check(address);
  t.equal(code, 1);
  t.equal(stderr, `confined: the daemon at ${address} is not healthy: connect ECONNREFUSED ${address}\n`);
});

t.test('of a daemon that is stopped in its tracks', async t => {
  const running = await serving(t);
  running.signal('SIGSTOP');
  const { code, stderr } = await program.run([
    'healthcheck',
    `--web.listen-address=${running.address}`,
    '--docker.timeout=500ms',
  ]);
  running.signal('SIGCONT');
  t.equal(code, 1);
  t.match(stderr, /is not healthy: no answer within 0\.5 s/);
});

t.test('over TLS', async t => {
  const authority = new Authority(freshDirectory(t));
  const server = authority.issue('server');
  const tls = `tls_server_config:\n  cert_file: ${server.certificate}\n  key_file: ${server.key}\n`;
  const clients = `  client_ca_file: ${authority.certificate}\n  client_auth_type: `;
  for (const webConfig of [
    tls,
    `${tls}${clients}RequireAndVerifyClientCert\n`,
    `${tls}${clients}RequireAnyClientCert\n`,
    `${tls}  min_version: TLS12\n  max_version: TLS12\n${clients}RequireAndVerifyClientCert\n`,
  ]) {
    const { address } = await serving(t, webConfig);
    t.same(await check(address), { code: 0, signal: null, stdout: '', stderr: '' }, webConfig);
  }
});

t.test(
  'of a TLS server that refuses in the handshake, as those that want a client certificate do',
  async t => {
    const authority = new Authority(freshDirectory(t));
    const files = authority.issue('server');
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = createTlsServer({
        cert: readFileSync(files.certificate),
        key: readFileSync(files.key),
        ca: readFileSync(authority.certificate),
        requestCert: true,
        rejectUnauthorized: true,
        maxVersion,
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      t.teardown(() => server.close());
      const { port } = server.address() as AddressInfo;
      t.equal((await check(`127.0.0.1:${port}`)).code, 0, maxVersion);
    }
  },
);

t.test('of a daemon that wants a password', async t => {
  const hash = '$2y$04$zQm1ImGIMIOUbJCeZ1uA9u6qFXDxfMx9ykJJ0eqSBbeKmnV1hZvJK';
  const { address } = await serving(t, `basic_auth_users:\n  prometheus: ${hash}\n`);
  t.equal((await check(address)).code, 0);
});
