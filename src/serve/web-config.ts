import { dirname, resolve } from 'node:path';

import { passwordHashProblem } from './password-hash.js';
import { parseGoDuration } from './go-duration.js';
import type { RateLimit } from './rate-limit.js';
import { readTlsConfig, TLS_KEYS, type TlsConfig } from './web-config-tls.js';
import { quote, YamlFields, type Field } from './yaml-fields.js';

/** The web configuration file of the Prometheus exporter-toolkit (its docs/web-configuration.md), checked. */
export interface WebConfig {
  /** Absent: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** As written; absent when the file does not say. */
  readonly http2: boolean | undefined;
  /** Response headers to set; an empty value leaves the header out. */
  readonly headers: ReadonlyMap<string, string>;
  /** User name to bcrypt hash; empty: everyone may read. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit: RateLimit | undefined;
}

/** A configuration, or everything that is wrong with it, one line each. */
export type WebConfigResult = { readonly config: WebConfig } | { readonly errors: readonly string[] };

const SECTIONS = ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit'];
const HEADERS = [
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'X-XSS-Protection',
  'Content-Security-Policy',
];
const HEADER_CHOICES: ReadonlyMap<string, readonly string[]> = new Map([
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
]);

/** Reads the text of a web configuration file. Relative paths in it start at the file's own directory. */
export function parseWebConfig(text: string, file: string): WebConfigResult {
  const fields = new YamlFields(text, file);
  if (fields.errors.length > 0) return { errors: fields.errors };
  const sections = fields.mapping(fields.root, SECTIONS);
  const http = fields.mapping(sections.get('http_server_config'), ['http2', 'headers']);
  const tlsFields = fields.mapping(sections.get('tls_server_config'), TLS_KEYS);
  const config = {
    tls: readTlsConfig(fields, sections.get('tls_server_config'), tlsFields, path =>
      resolve(dirname(file), path),
    ),
    http2: fields.boolean(http.get('http2')),
    headers: readHeaders(fields, http.get('headers')),
    users: readUsers(fields, sections.get('basic_auth_users')),
    rateLimit: readRateLimit(fields, sections.get('rate_limit')),
  };
  return fields.errors.length > 0 ? { errors: fields.errors } : { config };
}

function readHeaders(fields: YamlFields, section: Field | undefined): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, field] of fields.mapping(section, HEADERS)) {
    const value = fields.string(field) ?? '';
    const choices = HEADER_CHOICES.get(name);
    if (value !== '' && choices && !choices.includes(value)) {
      fields.fail(field, `${quote(value)} is not allowed: use ${choices.join(' or ')}`);
    } else if (!/^[\t\x20-\x7e]*$/.test(value)) {
      fields.fail(field, `${quote(value)} is not a header value: use printable ASCII on one line`);
    }
    headers.set(name, value);
  }
  return headers;
}

function readUsers(fields: YamlFields, section: Field | undefined): Map<string, string> {
  const users = new Map<string, string>();
  for (const [name, field] of fields.mapping(section)) {
    const hash = fields.string(field) ?? '';
    const problem = name.includes(':') ? 'a user name cannot hold a colon' : passwordHashProblem(hash);
    if (problem !== undefined) fields.fail(field, problem);
    users.set(name, hash);
  }
  return users;
}

function readRateLimit(fields: YamlFields, section: Field | undefined): RateLimit | undefined {
  const limit = fields.mapping(section, ['interval', 'burst']);
  const interval = limit.get('interval');
  const intervalSeconds = readInterval(fields, interval);
  const burst = readBurst(fields, limit.get('burst'));
  if (interval === undefined || intervalSeconds === undefined || intervalSeconds === 0) return undefined;
  if (burst === 0) {
    fields.fail(
      limit.get('burst') ?? interval,
      'with an interval, burst must be 1 or more: 0 would refuse every request',
    );
    return undefined;
  }
  return burst === undefined ? undefined : { intervalSeconds, burst };
}

function readInterval(fields: YamlFields, field: Field | undefined): number | undefined {
  const text = fields.string(field);
  if (field === undefined || text === undefined) return undefined;
  const seconds = parseGoDuration(text);
  if (seconds === undefined)
    fields.fail(field, `${quote(text)} is not a duration: write it with a unit, such as 1s or 500ms`);
  return seconds;
}

function readBurst(fields: YamlFields, field: Field | undefined): number | undefined {
  const text = fields.string(field);
  if (field === undefined || text === undefined) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  fields.fail(field, `${quote(text)} is not a number of requests: write 1 or more`);
  return undefined;
}
