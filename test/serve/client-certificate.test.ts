import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t, { type Test } from 'tap';

import { Authority, fixedSource, request, serve, type CertificateFiles } from './support.js';

const directory = t.testdir({});
const authority = new Authority(join(directory, 'good'));
const stranger = new Authority(join(directory, 'other'), 'another authority');
const server = authority.issue('server');
const trusted = authority.issue(
  'client',
  'DNS:prometheus.example,IP:10.0.0.1,IP:2001:db8::1,URI:spiffe://a/b',
);
const unknown = stranger.issue('client', 'DNS:prometheus.example');
const untrusted = { ...unknown, name: 'a certificate of another authority' };

/** What a client that shows this certificate gets: a status, or no answer at all. */
async function outcome(https: string, client?: CertificateFiles): Promise<number | 'refused'> {
  const identity = client && { cert: readFileSync(client.certificate), key: readFileSync(client.key) };
  const options = { ca: readFileSync(authority.certificate), ...identity };
  return await request(`${https}/metrics`, options).then(
    ({ status }) => status,
    () => 'refused' as const,
  );
}

async function serveTls(t: Test, lines: readonly string[]) {
  const source = fixedSource();
  const file = join(t.testdir({}), 'web.yml');
  const tls = [`cert_file: ${server.certificate}`, `key_file: ${server.key}`, ...lines];
  writeFileSync(file, `tls_server_config:\n${tls.map(line => `  ${line}\n`).join('')}`);
  return { ...(await serve(t, source, { webConfigFile: file })), source };
}

const policies: [string, { none: number | 'refused'; stranger: number | 'refused'; trusted: number }][] = [
  ['NoClientCert', { none: 200, stranger: 200, trusted: 200 }],
  ['RequestClientCert', { none: 200, stranger: 200, trusted: 200 }],
  ['RequireAnyClientCert', { none: 'refused', stranger: 200, trusted: 200 }],
  ['VerifyClientCertIfGiven', { none: 200, stranger: 'refused', trusted: 200 }],
  ['RequireAndVerifyClientCert', { none: 'refused', stranger: 'refused', trusted: 200 }],
];

for (const [policy, expected] of policies) {
  for (const version of ['TLS12', 'TLS13']) {
    t.test(`mutual TLS, ${policy}, ${version}`, async t => {
      const authorities = policy === 'NoClientCert' ? [] : [`client_ca_file: ${authority.certificate}`];
      const versions = [`min_version: ${version}`, `max_version: ${version}`];
      const { https, source } = await serveTls(t, [
        `client_auth_type: ${policy}`,
        ...authorities,
        ...versions,
      ]);
      const found = {
        none: await outcome(https),
        stranger: await outcome(https, untrusted),
        trusted: await outcome(https, trusted),
      };
      t.same(found, expected);
      t.equal(
        source.requests.length,
        Object.values(found).filter(status => status === 200).length,
        'no scrape for others',
      );
    });
  }
}

t.test('client_allowed_sans: one name of the certificate must be in the list, exactly', async t => {
  const cases: [string, number | 'refused'][] = [
    ['prometheus.example', 200],
    ['10.0.0.1', 200],
    ['2001:DB8:0::1', 200],
    ['spiffe://a/b', 200],
    ['example', 'refused'],
    ['xprometheus.example', 'refused'],
    ['10.0.0.10', 'refused'],
    ['client', 'refused'],
  ];
  for (const [name, expected] of cases) {
    const { https } = await serveTls(t, [
      'client_auth_type: RequireAndVerifyClientCert',
      `client_ca_file: ${authority.certificate}`,
      `client_allowed_sans: ["other.example", "${name}"]`,
    ]);
    t.equal(await outcome(https, trusted), expected, name);
  }
});

t.test('a name that holds a list of names is one name', async t => {
  const forged = authority.issue('forged', 'URI:http://a/\\, DNS:prometheus.example');
  const { https } = await serveTls(t, [
    'client_auth_type: RequireAndVerifyClientCert',
    `client_ca_file: ${authority.certificate}`,
    'client_allowed_sans: [not-there.example]',
  ]);
  t.equal(await outcome(https, forged), 'refused');
});
