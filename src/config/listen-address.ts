import { isIPv4, isIPv6 } from 'node:net';

/** Where to listen. Without a host: every address of the machine, IPv4 and IPv6. Port 0 lets the kernel choose. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/** The option whose values are read here; messages name it. */
export const LISTEN_ADDRESS_OPTION = '--web.listen-address';

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

/**
 * Reads `:10401`, `127.0.0.1:10401`, `[::1]:10401` or `localhost:10401`, as Go's `net.Listen` does.
 * @throws Error that names the option, the value and the fix.
 */
export function parseListenAddress(text: string): ListenAddress {
  const parts = /^(?<host>.*):(?<port>[^:\]]*)$/s.exec(text)?.groups;
  if (parts === undefined) {
    throw invalid(text, /^\d+$/.test(text) ? `write ":${text}"` : 'add the port, as in "localhost:10401"');
  }
  const { host = '', port = '' } = parts;
  return { host: parseHost(host, text), port: parsePort(port, text) };
}

/** Writes an address as {@link parseListenAddress} reads it. */
export function listenAddressText({ host = '', port }: ListenAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function parseHost(host: string, text: string): string | undefined {
  if (host === '') return undefined;
  if (host === 'unix' || host.includes('/')) {
    throw invalid(text, 'only TCP is served: write HOST:PORT, for example "127.0.0.1:10401"');
  }
  if (host.startsWith('[') && host.endsWith(']')) return parseIPv6(host.slice(1, -1), text);
  if (host.includes(':')) throw invalid(text, 'put an IPv6 address in brackets, as in "[::1]:10401"');
  if (isIPv4(host)) return host;
  if (/^[\d.]+$/.test(host) || !HOST_NAME.test(host)) {
    throw invalid(text, 'write an address, a host name, or nothing before the colon for all addresses');
  }
  return host;
}

function parseIPv6(host: string, text: string): string {
  if (!isIPv6(host)) throw invalid(text, 'write an IPv6 address between the brackets, as in "[::1]:10401"');
  return host;
}

function parsePort(port: string, text: string): number {
  const value = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (!(value <= 65_535)) throw invalid(text, 'the port after the last colon is a number from 0 to 65535');
  return value;
}

function invalid(text: string, fix: string): Error {
  return new Error(`${LISTEN_ADDRESS_OPTION}=${JSON.stringify(text)} is not a listen address: ${fix}`);
}
