import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { parseListenAddress } from '../config/listen-address.js';

/**
 * Asks a running daemon on this machine whether it is healthy. Answers undefined where it is, else what is wrong.
 * Any answer below 500 will do: with a web configuration file the daemon may ask for a password or a client
 * certificate, and then it is alive all the same.
 */
export async function checkHealth(
  listenAddresses: readonly string[],
  timeoutSeconds: number,
): Promise<string | undefined> {
  const { host, port } = parseListenAddress(listenAddresses[0] ?? '');
  const problems = [];
  for (const request of [requestHttp, requestHttps]) {
    const answer = await ask(request, host, port, timeoutSeconds);
    if (typeof answer === 'number' && answer < 500) return undefined;
    problems.push(typeof answer === 'number' ? `it answers ${answer}` : answer);
  }
  return `the daemon at ${host ?? 'localhost'}:${port} is not healthy: ${problems.join('; ')}`;
}

function ask(
  request: typeof requestHttp,
  host: string | undefined,
  port: number,
  timeoutSeconds: number,
): Promise<number | string> {
  return new Promise(resolve => {
    const options = { host: localHost(host), port, path: '/-/healthy', rejectUnauthorized: false };
    const sent = request({ ...options, signal: AbortSignal.timeout(timeoutSeconds * 1000) }, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', error => resolve(error.message));
    sent.end();
  });
}

/** An address that means every interface is asked on loopback. */
function localHost(host: string | undefined): string {
  if (host === undefined || host === '' || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
