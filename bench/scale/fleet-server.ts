import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { textBlock } from '../../src/metrics/block.js';
import { GzipBodies } from '../../src/serve/gzip-body.js';
import { sendChunks } from '../../src/serve/send.js';
import type { ScrapeTemplate } from './scrape-template.js';

/** Many hosts at one address. */
export interface FleetServer {
  /** `127.0.0.1:<port>`; the host of number N is at `/hosts/N`. */
  readonly address: string;
  /** Series of the host of this number. */
  seriesOf(host: number): number;
  stop(): void;
}

/**
 * Serves the scrapes of hosts that are made from these templates in turn, each with ids of its own. Values move `speed` times
 * as fast as the clock.
 */
export async function serveFleet(templates: readonly ScrapeTemplate[], speed = 1): Promise<FleetServer> {
  const begunMilliseconds = Date.now();
  const gzip = new GzipBodies();
  const templateOf = (host: number): ScrapeTemplate => {
    const template = templates[host % templates.length];
    if (template === undefined) throw new Error('no templates');
    return template;
  };
  const server = createServer((request, response) => {
    const host = Number(/^\/hosts\/(\d+)$/u.exec(request.url ?? '')?.[1] ?? Number.NaN);
    if (Number.isNaN(host)) {
      response.writeHead(404).end();
      return;
    }
    const elapsedSeconds = ((Date.now() - begunMilliseconds) / 1000) * speed;
    const text = Buffer.from(templateOf(host).textOf(host, elapsedSeconds));
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'content-encoding': 'gzip' });
    sendChunks(response, gzip.compress([textBlock(text)])).catch(() => undefined);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seriesOf: host => templateOf(host).series,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
