import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDockerClient } from '../../src/discover/docker-client.js';
import { fakeId } from './fake-docker-api.js';

/** What a socket proxy may let through, in the words of SECURITY.md; the proxy adds `^` and `$` to it. */
export const NEEDED_PATHS =
  '(/v1\\.[0-9]+)?/(version|info|events|containers/json|containers/[a-f0-9]{64}/json)';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
}

/** What Docker's client asks for, by every method that it has, with a version in its paths and without. */
export async function recordRequests(): Promise<RecordedRequest[]> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', path: (request.url ?? '').replace(/\?.*$/, '') });
    response.setHeader('Content-Type', 'application/json');
    // Newer than the client, so that it puts its own version into the paths that follow.
    response.end(request.url === '/version' ? '{"Version":"99.0.0","ApiVersion":"1.99"}' : '{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createDockerClient({
    host: `tcp://127.0.0.1:${port}`,
    env: {},
    homeDirectory: '/nonexistent',
    socketExists: () => false,
    timeoutSeconds: 5,
    keepLabel: () => true,
    clock: { monotonicSeconds: () => performance.now() / 1000 },
  });
  const askAll = [
    () => client.info(),
    () => client.list(),
    () => client.inspect(fakeId(1)),
    () => client.writableLayerBytes(fakeId(1)),
    () => client.events({}, AbortSignal.timeout(5000)),
    () => client.version(),
  ];
  // The answers are of no use to the client; what it asked is recorded all the same.
  for (const ask of [...askAll, ...askAll]) await ask().catch(() => undefined);
  client.close();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  return requests;
}

/** The paths that a pattern of this form allows, as patterns of their own, without the version before them. */
export function alternatives(pattern: string): string[] {
  const [, inner] = /^\(\/v1\\\.\[0-9\]\+\)\?\/\((.*)\)$/.exec(pattern) ?? [];
  if (inner === undefined) throw new Error(`${pattern} is not of the form that is known to be tight`);
  return inner.split('|');
}
