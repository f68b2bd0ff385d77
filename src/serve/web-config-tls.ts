import { quote, type Field, type YamlFields } from './yaml-fields.js';

/** When clients must show a certificate: Go's `tls.ClientAuthType`. */
export const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

/** PEM text, or the file that holds it, with the place in the configuration that says so. */
export interface PemSource {
  readonly key: string;
  readonly line: number;
  readonly path: string | undefined;
  readonly text: string | undefined;
}

/** The section `tls_server_config`, in the words of Node's TLS options. */
export interface TlsConfig {
  readonly certificate: PemSource;
  readonly privateKey: PemSource;
  /** Absent: the authorities that the system trusts. */
  readonly clientAuthorities: PemSource | undefined;
  readonly clientAuthType: ClientAuthType;
  /** Empty: any name. */
  readonly clientAllowedNames: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL names; empty: Node's own choice. */
  readonly ciphers: readonly string[];
  readonly honorCipherOrder: boolean;
  /** OpenSSL names; empty: Node's own choice. */
  readonly curves: readonly string[];
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export const TLS_KEYS = [
  'cert_file',
  'key_file',
  'cert',
  'key',
  'client_auth_type',
  'client_ca_file',
  'client_ca',
  'client_allowed_sans',
  'min_version',
  'max_version',
  'cipher_suites',
  'prefer_server_cipher_suites',
  'curve_preferences',
];

const VERSIONS: ReadonlyMap<string, TlsVersion> = new Map([
  ['TLS10', 'TLSv1'],
  ['TLS11', 'TLSv1.1'],
  ['TLS12', 'TLSv1.2'],
  ['TLS13', 'TLSv1.3'],
]);

const TLS13_CIPHERS = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** The suites of Go's `tls.CipherSuites()`, and what OpenSSL calls them. */
const CIPHERS: ReadonlyMap<string, string> = new Map([
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ...TLS13_CIPHERS.map((name): [string, string] => [name, name]),
]);

const CURVES: ReadonlyMap<string, string> = new Map([
  ['CurveP256', 'prime256v1'],
  ['CurveP384', 'secp384r1'],
  ['CurveP521', 'secp521r1'],
  ['X25519', 'X25519'],
]);

type TlsFields = ReadonlyMap<string, Field>;
type ResolvePath = (path: string) => string;

/** Reads the section `tls_server_config`; an empty one is plain HTTP. Mistakes are added to the errors of `fields`. */
export function readTlsConfig(
  fields: YamlFields,
  section: Field | undefined,
  tls: TlsFields,
  resolvePath: ResolvePath,
): TlsConfig | undefined {
  if (section === undefined || tls.size === 0) return undefined;
  const certificate = readRequiredPem(fields, section, tls, 'cert', resolvePath);
  const privateKey = readRequiredPem(fields, section, tls, 'key', resolvePath);
  const client = readClientConfig(fields, tls, resolvePath);
  const versions = readVersions(fields, tls);
  const ciphers = readNames(fields, tls.get('cipher_suites'), CIPHERS);
  const curves = readNames(fields, tls.get('curve_preferences'), CURVES);
  const honorCipherOrder = fields.boolean(tls.get('prefer_server_cipher_suites')) ?? true;
  if (certificate === undefined || privateKey === undefined) return undefined;
  return {
    certificate,
    privateKey,
    ...client,
    ...versions,
    ciphers: withTls13(ciphers),
    honorCipherOrder,
    curves,
  };
}

function readRequiredPem(
  fields: YamlFields,
  section: Field,
  tls: TlsFields,
  name: string,
  resolvePath: ResolvePath,
): PemSource | undefined {
  const pem = readPem(fields, tls, name, resolvePath);
  if (pem === undefined)
    fields.fail(section, `missing one of ${name}_file and ${name}: TLS needs both a certificate and a key`);
  return pem;
}

function readPem(
  fields: YamlFields,
  tls: TlsFields,
  name: string,
  resolvePath: ResolvePath,
): PemSource | undefined {
  const fileField = tls.get(`${name}_file`);
  const textField = tls.get(name);
  const path = fields.string(fileField);
  const text = fields.string(textField);
  const field = path === undefined ? textField : fileField;
  if (field === undefined || (path === undefined && text === undefined)) return undefined;
  if (path !== undefined && text !== undefined)
    fields.fail(field, `${name} is given too: use one of the two`);
  return { key: field.key, line: field.line, path: path === undefined ? undefined : resolvePath(path), text };
}

type ClientConfig = Pick<TlsConfig, 'clientAuthorities' | 'clientAuthType' | 'clientAllowedNames'>;

function readClientConfig(fields: YamlFields, tls: TlsFields, resolvePath: ResolvePath): ClientConfig {
  const clientAuthorities = readPem(fields, tls, 'client_ca', resolvePath);
  const clientAuthType = readClientAuthType(fields, tls.get('client_auth_type'));
  const names = tls.get('client_allowed_sans');
  const clientAllowedNames = fields.sequence(names).flatMap(item => fields.string(item) ?? []);
  if (clientAuthorities !== undefined && clientAuthType === 'NoClientCert') {
    fields.fail(
      clientAuthorities,
      'has no effect without client_auth_type: add client_auth_type: RequireAndVerifyClientCert',
    );
  }
  if (names !== undefined && clientAllowedNames.length > 0 && !verifies(clientAuthType)) {
    fields.fail(
      names,
      `${clientAuthType} does not verify the names: use client_auth_type: RequireAndVerifyClientCert`,
    );
  }
  return { clientAuthorities, clientAuthType, clientAllowedNames };
}

/** `RequireClientCert` is an older name that the exporter-toolkit still takes. */
function readClientAuthType(fields: YamlFields, field: Field | undefined): ClientAuthType {
  const type = fields.choice(field, [...CLIENT_AUTH_TYPES, 'RequireClientCert']);
  return type === 'RequireClientCert' ? 'RequireAnyClientCert' : (type ?? 'NoClientCert');
}

function verifies(type: ClientAuthType): boolean {
  return type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
}

function readVersions(fields: YamlFields, tls: TlsFields): Pick<TlsConfig, 'minVersion' | 'maxVersion'> {
  const names = [...VERSIONS.keys()];
  const min = fields.choice(tls.get('min_version'), names) ?? 'TLS12';
  const max = fields.choice(tls.get('max_version'), names) ?? 'TLS13';
  const field = tls.get('min_version') ?? tls.get('max_version');
  if (field !== undefined && min > max) {
    fields.fail(field, `min_version ${min} is above max_version ${max}: no client could connect`);
  }
  return { minVersion: VERSIONS.get(min) ?? 'TLSv1.2', maxVersion: VERSIONS.get(max) ?? 'TLSv1.3' };
}

function readNames(
  fields: YamlFields,
  field: Field | undefined,
  known: ReadonlyMap<string, string>,
): string[] {
  return fields.sequence(field).flatMap(item => {
    const name = fields.string(item) ?? '';
    const translated = known.get(name);
    if (translated === undefined)
      fields.fail(item, `${quote(name)} is not known: use ${[...known.keys()].join(', ')}`);
    return translated ?? [];
  });
}

/** As in Go, the list limits TLS 1.2 and older only. */
function withTls13(ciphers: readonly string[]): string[] {
  if (ciphers.length === 0) return [];
  return [...ciphers, ...TLS13_CIPHERS.filter(name => !ciphers.includes(name))];
}
