import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import t from 'tap';

import { Authority, fixedSource, freshDirectory, request, serve, serveConfigured, until } from './support.js';

const directory = t.testdir({
  'garbage.pem': 'hello',
  'damaged.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
});
const authority = new Authority(join(directory, 'ca'));
const ca = readFileSync(authority.certificate);
const first = authority.issue('first');
const second = authority.issue('second');
const indent = (file: string) => readFileSync(file, 'utf8').trimEnd().replaceAll('\n', '\n    ');

const pair = (certificate: string, key: string, ...more: string[]) =>
  `tls_server_config:\n${[`cert_file: ${certificate}`, `key_file: ${key}`, ...more].map(line => `  ${line}\n`).join('')}`;

/** Shakes hands as a client and says with what. */
async function handshake(
  port: number,
  options: ConnectionOptions,
): Promise<{ cipher: string; protocol: string | null }> {
  return await new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca, ...options }, () => {
      resolve({ cipher: socket.getCipher().name, protocol: socket.getProtocol() });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

t.test('HTTPS from files and from inline PEM', async t => {
  const files = await serveConfigured(t, pair(first.certificate, first.key));
  const inline = await serveConfigured(
    t,
    `tls_server_config:\n  cert: |\n    ${indent(first.certificate)}\n  key: |\n    ${indent(first.key)}\n`,
  );
  for (const { https } of [files, inline])
    t.equal((await request(`${https}/metrics`, { ca })).text, 'up 1\n');
});

t.test('plain HTTP is not answered on a TLS port', async t => {
  const { http } = await serveConfigured(t, pair(first.certificate, first.key));
  await t.rejects(request(`${http}/metrics`));
});

t.test('protocol versions, ciphers and curves are those of the file', async t => {
  const { port } = await serveConfigured(
    t,
    pair(
      first.certificate,
      first.key,
      'max_version: TLS12',
      'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]',
      'curve_preferences: [CurveP521]',
    ),
  );
  t.same(await handshake(port, {}), { cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384', protocol: 'TLSv1.2' });
  await t.rejects(handshake(port, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }), 'another cipher');
  await t.rejects(handshake(port, { ecdhCurve: 'secp384r1' }), 'another curve');
  await t.rejects(handshake(port, { minVersion: 'TLSv1.3' }), 'another version');
});

t.test('a list of TLS 1.2 ciphers leaves TLS 1.3 on, as in Go', async t => {
  const { port } = await serveConfigured(
    t,
    pair(first.certificate, first.key, 'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]'),
  );
  t.equal((await handshake(port, {})).protocol, 'TLSv1.3');
});

t.test('TLS 1.0 and 1.1 are refused by default, and spoken when min_version says so', async t => {
  const modern = await serveConfigured(t, pair(first.certificate, first.key));
  const old = await serveConfigured(t, pair(first.certificate, first.key, 'min_version: TLS10'));
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    const client: ConnectionOptions = {
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT@SECLEVEL=0',
    };
    await t.rejects(handshake(modern.port, client), version);
    t.equal((await handshake(old.port, client)).protocol, version);
  }
  t.equal((await handshake(old.port, {})).protocol, 'TLSv1.3');
});

t.test(
  'fault 43: over TLS too, a client that never reads is cut, one that reads gets everything',
  async t => {
    const body = Array.from({ length: 64 }, () => randomBytes(256 * 1024));
    const webConfigFile = join(freshDirectory(t), 'web.yml');
    writeFileSync(webConfigFile, pair(first.certificate, first.key));
    const { https, port, inFlight } = await serve(t, fixedSource(body), {
      webConfigFile,
      responseTimeoutSeconds: 1,
    });
    t.ok((await request(`${https}/metrics`, { ca })).body.equals(Buffer.concat(body)));
    const stuck = connect({ port, host: '127.0.0.1', ca });
    t.teardown(() => stuck.destroy());
    await new Promise(resolve => {
      stuck.once('secureConnect', resolve);
    });
    stuck.pause();
    stuck.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => inFlight.length === 3);
    await until(() => inFlight.at(-1) === 0);
    t.same(inFlight, [1, 0, 1, 0]);
  },
);

t.test(
  'fault 51: a certificate, key or authority that does not work is told with line, key and file',
  async t => {
    const missing = join(directory, 'missing.pem');
    const garbage = join(directory, 'garbage.pem');
    const damaged = join(directory, 'damaged.pem');
    const mutual = 'client_auth_type: RequireAndVerifyClientCert';
    const cases: [string, string, RegExp][] = [
      [
        'no certificate file',
        pair(missing, first.key),
        /:2: tls_server_config\.cert_file: \S+missing\.pem cannot be read: check that the file exists and is readable \(ENOENT/,
      ],
      [
        'no key file',
        pair(first.certificate, missing),
        /:3: tls_server_config\.key_file: \S+missing\.pem cannot be read/,
      ],
      [
        'no certificate in it',
        pair(garbage, first.key),
        /cert_file: \S+garbage\.pem holds no PEM certificate/,
      ],
      [
        'a damaged certificate',
        pair(damaged, first.key),
        /cert_file: \S+damaged\.pem holds a damaged certificate/,
      ],
      [
        'no key in it',
        pair(first.certificate, garbage),
        /key_file: \S+garbage\.pem holds no usable private key/,
      ],
      [
        'the key of another',
        pair(first.certificate, second.key),
        /:3: tls_server_config\.key_file: \S+second\.key the key does not belong to the certificate: replace both together/,
      ],
      [
        'no authority file',
        pair(first.certificate, first.key, mutual, `client_ca_file: ${missing}`),
        /:5: tls_server_config\.client_ca_file: \S+ cannot be read/,
      ],
      [
        'no authority in it',
        pair(first.certificate, first.key, mutual, `client_ca_file: ${garbage}`),
        /client_ca_file: \S+ holds no PEM certificate/,
      ],
      [
        'inline garbage',
        'tls_server_config:\n  cert: hello\n  key: hello\n',
        /:2: tls_server_config\.cert: holds no PEM certificate/,
      ],
    ];
    for (const [name, text, message] of cases) await t.rejects(serveConfigured(t, text), { message }, name);
  },
);

t.test('fault 51: the configuration file itself is missing', async t => {
  const webConfigFile = join(directory, 'nowhere.yml');
  await t.rejects(serve(t, fixedSource(), { webConfigFile }), {
    message:
      /^--web\.config\.file=\S+nowhere\.yml cannot be read: check that it exists and is readable \(ENOENT/,
  });
});

t.test('fault 51: a rotated certificate is served without dropping the listener or a connection', async t => {
  const certificate = join(freshDirectory(t), 'server.crt');
  const key = certificate.replace('.crt', '.key');
  const install = (files: typeof first) => {
    writeFileSync(key, readFileSync(files.key));
    writeFileSync(certificate, readFileSync(files.certificate));
  };
  install(first);
  const { port, server } = await serveConfigured(t, pair(certificate, key));
  const subject = async () =>
    await new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', ca }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      }).on('error', reject);
    });
  t.equal(await subject(), 'first');
  const open = connect({ port, host: '127.0.0.1', ca });
  t.teardown(() => open.destroy());
  let answer = '';
  open.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await new Promise(resolve => {
    open.once('secureConnect', resolve);
  });
  install(second);
  t.equal(await server.reload(), true);
  t.equal(await subject(), 'second');
  open.write('GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await new Promise(resolve => {
    open.once('close', resolve);
  });
  t.match(answer, 'up 1', 'the connection from before still works');
});
