import type { X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { TlsConfig } from './web-config-tls.js';

const NAME_TYPES: ReadonlySet<string> = new Set(['DNS', 'IP Address', 'email', 'URI']);

/** Why a client must not connect, by its certificate; `undefined` when it may. */
export function clientRefusal(
  socket: TLSSocket,
  { clientAuthType, clientAllowedNames }: Pick<TlsConfig, 'clientAuthType' | 'clientAllowedNames'>,
): string | undefined {
  if (clientAuthType === 'NoClientCert' || clientAuthType === 'RequestClientCert') return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    return clientAuthType === 'VerifyClientCertIfGiven' ? undefined : 'the client showed no certificate';
  }
  if (clientAuthType === 'RequireAnyClientCert') return undefined;
  if (!socket.authorized)
    return `the client's certificate is not trusted (${String(socket.authorizationError)})`;
  if (clientAllowedNames.length === 0) return undefined;
  const allowed = new Set(clientAllowedNames.map(normalise));
  const names = alternativeNames(certificate);
  return names.some(name => allowed.has(name))
    ? undefined
    : 'no name of the client is in client_allowed_sans';
}

/** The DNS names, addresses, e-mail addresses and URIs of a certificate, of which Node gives one text. */
function alternativeNames(certificate: X509Certificate): string[] {
  const entry = /(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,]*)/gy;
  const entries = [...(certificate.subjectAltName ?? '').matchAll(entry)];
  return entries.flatMap(([, type = '', name = '']) =>
    NAME_TYPES.has(type) ? normalise(name.startsWith('"') ? unquote(name) : name) : [],
  );
}

function unquote(text: string): string {
  const value: unknown = JSON.parse(text);
  return String(value);
}

/** One spelling for each IPv6 address. */
function normalise(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname : name;
}
