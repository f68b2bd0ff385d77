import t from 'tap';

import { parseWebConfig, type WebConfig } from '../../src/serve/web-config.js';

const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: /etc/ssl/server.key\n';

function good(text: string): WebConfig {
  const result = parseWebConfig(text, '/etc/confined/web.yml');
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return result.config;
}

function errors(text: string): readonly string[] {
  const result = parseWebConfig(text, 'web.yml');
  return 'errors' in result ? result.errors : [];
}

t.test('TLS: defaults, and paths relative to the file', async t => {
  t.match(good(TLS).tls, {
    certificate: { path: '/etc/confined/server.crt', key: 'tls_server_config.cert_file', line: 2 },
    privateKey: { path: '/etc/ssl/server.key', line: 3 },
    clientAuthType: 'NoClientCert',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    honorCipherOrder: true,
    ciphers: [],
    curves: [],
  });
});

t.test('TLS: inline PEM', async t => {
  const { tls } = good('tls_server_config:\n  cert: |\n    line 1\n    line 2\n  key: secret\n');
  t.match(tls, {
    certificate: { text: 'line 1\nline 2\n', path: undefined },
    privateKey: { text: 'secret' },
  });
});

t.test('TLS: Go names become those of OpenSSL', async t => {
  const { tls } = good(`${TLS}  min_version: TLS10
  max_version: TLS12
  prefer_server_cipher_suites: false
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]
  curve_preferences:
    - CurveP521
    - X25519
`);
  t.match(tls, {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.2',
    honorCipherOrder: false,
    curves: ['secp521r1', 'X25519'],
  });
  t.same(tls?.ciphers.slice(0, 2), ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305']);
  t.ok(tls?.ciphers.includes('TLS_AES_128_GCM_SHA256'), 'as in Go, TLS 1.3 keeps all of its suites');
});

t.test("TLS: Go's client authentication types", async t => {
  const types = [
    'NoClientCert',
    'RequestClientCert',
    'RequireAnyClientCert',
    'VerifyClientCertIfGiven',
    'RequireAndVerifyClientCert',
  ];
  for (const type of types) t.equal(good(`${TLS}  client_auth_type: ${type}\n`).tls?.clientAuthType, type);
  t.equal(
    good(`${TLS}  client_auth_type: RequireClientCert\n`).tls?.clientAuthType,
    'RequireAnyClientCert',
    'the older name',
  );
});

t.test('every mistake in the TLS section is one line with file, line, key, value and fix', async t => {
  const cases: [string, string, string | RegExp][] = [
    [
      'an unknown key',
      'tls_server_config:\n  cert_filse: "server.crt"',
      /^web\.yml:2: tls_server_config\.cert_filse: unknown key: use one of cert_file, key_file/,
    ],
    [
      'no certificate',
      'tls_server_config:\n  cert_file: ""\n  key_file: server.key',
      'web.yml:1: tls_server_config: missing one of cert_file and cert: TLS needs both a certificate and a key',
    ],
    [
      'no key',
      'tls_server_config:\n  cert: x\n  key: ""',
      /^web\.yml:1: tls_server_config: missing one of key_file and key/,
    ],
    [
      'TLS settings without a certificate never mean plain HTTP',
      'tls_server_config:\n  min_version: TLS13',
      /missing one of cert_file and cert/,
    ],
    [
      'file and inline at once',
      `${TLS}  cert: x\n`,
      'web.yml:2: tls_server_config.cert_file: cert is given too: use one of the two',
    ],
    [
      'an invented TLS version',
      `${TLS}  min_version: TLS111\n`,
      'web.yml:4: tls_server_config.min_version: "TLS111" is not known: use TLS10, TLS11, TLS12, TLS13',
    ],
    [
      'versions crossed',
      `${TLS}  min_version: TLS13\n  max_version: TLS12\n`,
      /^web\.yml:4: tls_server_config\.min_version: min_version TLS13 is above max_version TLS12/,
    ],
    [
      'an invented cipher',
      `${TLS}  cipher_suites:\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048\n`,
      /^web\.yml:6: tls_server_config\.cipher_suites: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048" is not known: use /,
    ],
    [
      'an invented curve',
      `${TLS}  curve_preferences:\n    - CurveP257\n`,
      'web.yml:5: tls_server_config.curve_preferences: "CurveP257" is not known: use CurveP256, CurveP384, CurveP521, X25519',
    ],
    ['a value for a list', `${TLS}  curve_preferences: CurveP256\n`, /curve_preferences: is not a list/],
    [
      'an invented client policy',
      `${TLS}  client_auth_type: x\n`,
      /^web\.yml:4: tls_server_config\.client_auth_type: "x" is not known: use NoClientCert, /,
    ],
    [
      'authorities without a policy',
      `${TLS}  client_ca_file: ca.pem\n`,
      /^web\.yml:4: tls_server_config\.client_ca_file: has no effect without client_auth_type/,
    ],
    [
      'names that nobody verifies',
      `${TLS}  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [a]\n`,
      /^web\.yml:5: tls_server_config\.client_allowed_sans: RequireAnyClientCert does not verify/,
    ],
  ];
  for (const [name, text, expected] of cases) {
    const found = errors(text);
    t.ok(found.length > 0, `${name}: refused`);
    t.match(
      found[0],
      typeof expected === 'string'
        ? new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
        : expected,
      name,
    );
    t.ok(
      found.every(line => !/[\r\n]/.test(line)),
      `${name}: one line each`,
    );
  }
});
