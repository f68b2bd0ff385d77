import * as fc from 'fast-check';
import t from 'tap';

import { parseWebConfig, type WebConfig } from '../../src/serve/web-config.js';

const HASH = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

function good(text: string): WebConfig {
  const result = parseWebConfig(text, '/etc/confined/web.yml');
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return result.config;
}

function errors(text: string): readonly string[] {
  const result = parseWebConfig(text, 'web.yml');
  return 'errors' in result ? result.errors : [];
}

t.test('an empty file is no TLS, no users, no limit', async t => {
  for (const text of ['', '\n', '# nothing\n', '---\n', '{}', 'tls_server_config:\nbasic_auth_users: {}\n']) {
    t.match(good(text), { tls: undefined, users: new Map(), headers: new Map(), rateLimit: undefined }, text);
    t.equal(good(text).users.size, 0);
  }
});

t.test('users', async t => {
  t.same(
    good(`basic_auth_users:\n  alice: ${HASH}\n  "bob smith": '${HASH}'\n`).users,
    new Map([
      ['alice', HASH],
      ['bob smith', HASH],
    ]),
  );
});

t.test('the headers that the exporter-toolkit allows', async t => {
  const { headers } = good(`http_server_config:
  http2: true
  headers:
    X-Frame-Options: deny
    Strict-Transport-Security: max-age=31536000; includeSubDomains
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 1
    Content-Security-Policy: "default-src 'self' *.test.example.net"
`);
  t.same(
    [...headers],
    [
      ['X-Frame-Options', 'deny'],
      ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
      ['X-Content-Type-Options', 'nosniff'],
      ['X-XSS-Protection', '1'],
      ['Content-Security-Policy', "default-src 'self' *.test.example.net"],
    ],
  );
});

t.test('http2 as written', async t => {
  t.equal(good('http_server_config: {http2: true}').http2, true);
  t.equal(good('http_server_config: {http2: false}').http2, false);
  t.equal(good('').http2, undefined);
});

t.test('the rate limit', async t => {
  t.same(good('rate_limit: {interval: 1m30s, burst: 5}').rateLimit, { intervalSeconds: 90, burst: 5 });
  t.equal(good('rate_limit: {interval: 0, burst: 5}').rateLimit, undefined, 'an interval of 0 is no limit');
  t.equal(good('rate_limit: {burst: 5}').rateLimit, undefined);
});

t.test('anchors and aliases are followed', async t => {
  t.equal(good(`basic_auth_users:\n  alice: &hash ${HASH}\n  bob: *hash\n`).users.get('bob'), HASH);
});

t.test('every mistake is one line with file, line, key, value and fix', async t => {
  const cases: [string, string, string | RegExp][] = [
    [
      'an unknown section',
      'basic_auth: {}',
      'web.yml:1: basic_auth: unknown key: use one of tls_server_config, http_server_config, basic_auth_users, rate_limit',
    ],
    [
      'junk',
      'hWkNKCp3fvIx3jKnsaBI\nTuEjdwNS8A2vYdFbiKqr\n',
      /^web\.yml:1: is not a mapping: write keys and values/,
    ],
    ['broken YAML', 'tls_server_config:\n  cert_file: [\n', /^web\.yml:\d: not YAML: /],
    ['a tab', 'tls_server_config:\n\tcert_file: x\n', /^web\.yml:2: not YAML: /],
    ['a key twice', 'rate_limit: {}\nrate_limit: {}\n', /^web\.yml:2: not YAML: .*unique/],
    ['two documents', 'rate_limit: {}\n---\nrate_limit: {}\n', /not YAML: .*documents/],
    [
      'a list for a section',
      'tls_server_config:\n  - cert_file: x\n',
      /^web\.yml:1: tls_server_config: is not a mapping/,
    ],
    [
      'no boolean',
      'http_server_config: {http2: yes}',
      'web.yml:1: http_server_config.http2: "yes" is not known: use true, false',
    ],
    [
      'a header that is not ours to set',
      'http_server_config:\n  headers:\n    Content-Type: foo',
      /^web\.yml:3: http_server_config\.headers\.Content-Type: unknown key: use one of Strict-Transport-Security/,
    ],
    [
      'a wrong frame option',
      'http_server_config:\n  headers:\n    X-Frame-Options: foo',
      'web.yml:3: http_server_config.headers.X-Frame-Options: "foo" is not allowed: use deny or sameorigin',
    ],
    [
      'a wrong sniff option',
      'http_server_config:\n  headers:\n    X-Content-Type-Options: sniff',
      /: "sniff" is not allowed: use nosniff$/,
    ],
    [
      'a header that would split the answer',
      'http_server_config:\n  headers:\n    X-XSS-Protection: "1\\r\\nSet-Cookie: a"',
      /"1\\r\\nSet-Cookie: a" is not a header value/,
    ],
    [
      'a password in the clear',
      'basic_auth_users:\n  john: doe',
      /^web\.yml:2: basic_auth_users\.john: not a bcrypt hash: make one with htpasswd/,
    ],
    [
      'a user without a password',
      'basic_auth_users:\n  john:',
      /^web\.yml:2: basic_auth_users\.john: not a bcrypt hash/,
    ],
    ['a user with a colon', `basic_auth_users:\n  "a:b": ${HASH}`, /a user name cannot hold a colon/],
    ['a list of users', `basic_auth_users:\n  - alice`, /basic_auth_users: is not a mapping/],
    ['a nested password', 'basic_auth_users:\n  john: {a: b}', /basic_auth_users\.john: is not a text/],
    [
      'an interval without a unit',
      'rate_limit: {interval: 5, burst: 1}',
      'web.yml:1: rate_limit.interval: "5" is not a duration: write it with a unit, such as 1s or 500ms',
    ],
    [
      'a burst that is none',
      'rate_limit:\n  interval: 1s\n  burst: many',
      /^web\.yml:3: rate_limit\.burst: "many" is not a number of requests/,
    ],
    [
      'a limit that refuses everything',
      'rate_limit:\n  interval: 1s',
      /^web\.yml:2: rate_limit\.interval: with an interval, burst must be 1 or more/,
    ],
    [
      'a file of unreasonable size',
      `# ${'x'.repeat(1024 * 1024)}`,
      'web.yml:1: the file is larger than 1 MiB',
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

t.test('all mistakes are told at once', async t => {
  t.equal(errors('nonsense: 1\nrate_limit: {interval: x}\nbasic_auth_users: {a: b}\n').length, 3);
});

t.test('secrets do not show in messages', async t => {
  const found = errors(
    'tls_server_config:\n  key: hunter2\n  key_file: x\nbasic_auth_users:\n  john: hunter2\n',
  ).join('\n');
  t.notMatch(found, 'hunter2');
});

t.test('any text is a configuration or a list of one-line mistakes, never a crash', async t => {
  const word = fc.constantFrom(
    'tls_server_config',
    'cert',
    'key',
    'headers',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    '*a',
    '&a ',
    'null',
    '<<',
    '!!binary ',
    '? ',
    '|',
    '"',
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map(words => words.join('')),
        ),
        text => {
          const result = parseWebConfig(text, 'web.yml');
          return (
            !('errors' in result) ||
            (result.errors.length > 0 && result.errors.every(line => !line.includes('\n')))
          );
        },
      ),
      { numRuns: 500 },
    ),
  );
});

t.match(
  parseWebConfig('['.repeat(100_000), 'web.yml'),
  { errors: ['web.yml:1: the file is nested too deeply: write keys and values'] },
  'nesting that would end the process in the parser is refused',
);
