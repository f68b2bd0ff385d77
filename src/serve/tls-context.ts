import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';

import { oneLine } from './one-line.js';
import type { PemSource, TlsConfig } from './web-config-tls.js';

/** Reads a file whole. Rejects with an `ErrnoException`. */
export type ReadFile = (path: string) => Promise<Buffer>;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Reads and checks the certificate, the key and the client authorities of a configuration.
 * @throws Error of one line that names the file, the line and the key of the configuration, and the fix.
 */
export async function loadSecureContext(
  config: TlsConfig,
  configFile: string,
  readFile: ReadFile,
): Promise<SecureContextOptions> {
  const load = async (source: PemSource) => await loadPem(source, configFile, readFile);
  const certificate = await load(config.certificate);
  const privateKey = await load(config.privateKey);
  const [leaf] = certificates(certificate, config.certificate, configFile);
  const key = parseKey(privateKey, config.privateKey, configFile);
  if (leaf?.checkPrivateKey(key) !== true) {
    throw problem(
      config.privateKey,
      configFile,
      'the key does not belong to the certificate: replace both together',
    );
  }
  const authorities = config.clientAuthorities && (await load(config.clientAuthorities));
  if (config.clientAuthorities && authorities)
    certificates(authorities, config.clientAuthorities, configFile);
  const options = contextOptions(config, certificate, privateKey, authorities);
  return checked(options, config, configFile);
}

/** The files that a configuration refers to. */
export function pemFiles(config: TlsConfig | undefined): string[] {
  const sources = [config?.certificate, config?.privateKey, config?.clientAuthorities];
  return sources.flatMap(source => source?.path ?? []);
}

async function loadPem(source: PemSource, configFile: string, readFile: ReadFile): Promise<string> {
  if (source.path === undefined) return source.text ?? '';
  try {
    return (await readFile(source.path)).toString();
  } catch (error) {
    throw problem(
      source,
      configFile,
      `cannot be read: check that the file exists and is readable (${oneLine(error)})`,
    );
  }
}

function certificates(pem: string, source: PemSource, configFile: string): X509Certificate[] {
  const blocks = pem.match(PEM_CERTIFICATE);
  if (blocks === null)
    throw problem(source, configFile, 'holds no PEM certificate: expected -----BEGIN CERTIFICATE-----');
  try {
    return blocks.map(block => new X509Certificate(block));
  } catch (error) {
    throw problem(source, configFile, `holds a damaged certificate: make it anew (${oneLine(error)})`);
  }
}

function parseKey(pem: string, source: PemSource, configFile: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw problem(
      source,
      configFile,
      `holds no usable private key: expected PEM without a passphrase (${oneLine(error)})`,
    );
  }
}

function contextOptions(
  config: TlsConfig,
  cert: string,
  key: string,
  ca: string | undefined,
): SecureContextOptions {
  return {
    cert,
    key,
    minVersion: config.minVersion,
    maxVersion: config.maxVersion,
    honorCipherOrder: config.honorCipherOrder,
    ...(ca === undefined ? {} : { ca }),
    ciphers: cipherList(config),
    ...(config.curves.length === 0 ? {} : { ecdhCurve: config.curves.join(':') }),
  };
}

/** OpenSSL speaks TLS 1.0 and 1.1 at its lowest security level only. */
function cipherList({ ciphers, minVersion }: TlsConfig): string {
  const list = ciphers.length === 0 ? DEFAULT_CIPHERS : ciphers.join(':');
  return minVersion === 'TLSv1' || minVersion === 'TLSv1.1' ? `${list}:@SECLEVEL=0` : list;
}

function checked(options: SecureContextOptions, config: TlsConfig, configFile: string): SecureContextOptions {
  try {
    createSecureContext(options);
    return options;
  } catch (error) {
    throw problem(config.certificate, configFile, `OpenSSL refuses these TLS settings: ${oneLine(error)}`);
  }
}

function problem(source: PemSource, configFile: string, text: string): Error {
  const file = source.path === undefined ? '' : `${source.path} `;
  return new Error(`${configFile}:${source.line}: ${source.key}: ${file}${text}`);
}
