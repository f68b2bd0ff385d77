import { lookup } from 'node:dns/promises';
import type { Server } from 'node:http';
import { isIP } from 'node:net';

import { LISTEN_ADDRESS_OPTION, parseListenAddress } from '../config/listen-address.js';
import { oneLine } from './one-line.js';

const FIXES: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another process listens there: stop it or choose another port'],
  ['EACCES', 'ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher port or grant it'],
  ['EADDRNOTAVAIL', 'this machine does not have that address: use one of its own, or none for all'],
  ['EAFNOSUPPORT', 'this machine has no such address family: use an IPv4 address'],
  ['ENOTFOUND', 'the name does not resolve: use an address'],
  ['EAI_AGAIN', 'the name does not resolve now: use an address'],
]);

/**
 * Starts to listen and returns the address that came of it, as `host:port`.
 * @throws Error that names the option, the address and the fix.
 */
export async function listen(server: Server, text: string): Promise<string> {
  const { host, port } = parseListenAddress(text);
  try {
    const address = host === undefined ? undefined : await resolveHost(host);
    await bind(server, address, port);
  } catch (error) {
    throw new Error(explain(error, text), { cause: error });
  }
  return boundAddress(server);
}

/** Of a name's addresses the IPv4 one is taken, as in Go. */
async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  const addresses = await lookup(host, { all: true, verbatim: false });
  return addresses[0]?.address ?? host;
}

async function bind(server: Server, host: string | undefined, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(host === undefined ? { port } : { host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function explain(error: unknown, text: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const fix = FIXES.get(code) ?? 'choose another address';
  return `${LISTEN_ADDRESS_OPTION}=${JSON.stringify(text)} cannot be listened on: ${fix} (${oneLine(error)})`;
}

function boundAddress(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return bound ?? '';
  return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}
