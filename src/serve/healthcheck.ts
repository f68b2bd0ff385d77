import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import { listenAddressText } from '../config/listen-address.js';
import type { ListenAddress } from '../config/listen-address.js';
import { oneLine } from './one-line.js';

/** A TLS server's own word that it does not like the client: its certificate, protocol version or ciphers. */
const TLS_ALERT = /^ERR_SSL_\w*ALERT/;

/**
 * Asks a running daemon on this machine, at the first of its addresses, whether it is healthy. Answers undefined where
 * it is, else what is wrong.
 * Any answer below 500 will do, and so does any TLS server: with a web configuration file the daemon may ask for a
 * password or a client certificate, and then it is alive all the same.
 */
export async function checkHealth(
  [listenAddress]: readonly ListenAddress[],
  timeoutSeconds: number,
): Promise<string | undefined> {
  if (listenAddress === undefined) return 'no address is listened on';
  const address = { host: localHost(listenAddress.host), port: listenAddress.port };
  const plain = await ask(requestHttp, address, timeoutSeconds);
  if (plain === 'alive') return undefined;
  const secure = await ask(requestHttps, address, timeoutSeconds);
  if (secure === 'alive') return undefined;
  return `the daemon at ${listenAddressText(address)} is not healthy: ${[...new Set([plain, secure])].join('; ')}`;
}

/** Asks over one protocol; answers `alive`, or why it may not be. */
function ask(
  request: typeof requestHttp,
  address: { readonly host: string; readonly port: number },
  timeoutSeconds: number,
): Promise<string> {
  return new Promise(resolve => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const options = { ...address, path: '/-/healthy', rejectUnauthorized: false, agent: false, signal };
    let keysAgreed = false;
    const sent = request(options, ({ statusCode = 0 }) => {
      resolve(statusCode < 500 ? 'alive' : `it answers ${statusCode}`);
      sent.destroy();
    });
    // A server that wants a client certificate may hang up after this, but only one that lives gets so far.
    sent.on('socket', socket => socket.once('keylog', () => (keysAgreed = true)));
    sent.on('error', error => {
      const refused = 'code' in error && TLS_ALERT.test(String(error.code));
      if (signal.aborted) resolve(`no answer within ${timeoutSeconds} s`);
      else resolve(keysAgreed || refused ? 'alive' : oneLine(error));
    });
    sent.end();
  });
}

/** An address that means every interface is asked on loopback. */
function localHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
