import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';

import { pino, type Logger } from 'pino';
import type { Test } from 'tap';

import { textBlock, type Block } from '../../src/metrics/block.js';
import type { ScrapeRequest, ScrapeSource } from '../../src/serve/scrape-source.js';
import { startServer, type RunningServer, type ServeOptions } from '../../src/serve/server.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

type RequestExtras = RequestOptions & ConnectionOptions;

/** One request on a connection of its own, unless an agent is given. */
export async function request(url: string, options: RequestExtras = {}): Promise<Answer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const outgoing = send(url, { agent: false, ...options }, incoming => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body, text: body.toString() });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly reason?: string;
}

export const LOG_LEVELS = { debug: 20, info: 30, warn: 40, error: 50 };

/** A real logger whose lines are kept. */
export function capturingLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const logger = pino({ level: 'debug', base: null }, { write: line => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

/** A source that answers with a fixed body and remembers what it was asked for. */
export function fixedSource(
  body: readonly (string | Uint8Array)[] = ['up 1\n'],
): ScrapeSource & { requests: ScrapeRequest[] } {
  const requests: ScrapeRequest[] = [];
  return {
    requests,
    collectorNames: ['cpu', 'memory', 'security'],
    scrape: async asked => {
      requests.push(asked);
      return await Promise.resolve(blocksOf(body));
    },
    readiness: () => ({ ready: true, reason: 'The last snapshot is 2 s old.' }),
  };
}

/** Blocks as a scrape yields them. */
export async function* blocksOf(body: readonly (string | Uint8Array)[]): AsyncGenerator<Block> {
  for (const text of body) yield await Promise.resolve(textBlock(Buffer.from(text)));
}

/** A source whose scrapes wait until they are let go. */
export function heldSource(): ScrapeSource & { release: () => void; running: () => number } {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    ...fixedSource(),
    running: () => running,
    release: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    scrape: async () => {
      running += 1;
      await new Promise<void>(resolve => waiting.push(resolve));
      running -= 1;
      return blocksOf(['up 1\n']);
    },
  };
}

export interface TestServer {
  readonly server: RunningServer;
  readonly port: number;
  readonly http: string;
  readonly https: string;
  readonly lines: LogLine[];
  readonly inFlight: number[];
  readonly reloads: boolean[];
}

/** A server on a free port of 127.0.0.1 that ends with the test. */
export async function serve(
  t: Test,
  source: ScrapeSource = fixedSource(),
  overrides: Partial<ServeOptions> = {},
): Promise<TestServer> {
  const { logger, lines } = capturingLogger();
  const inFlight: number[] = [];
  const reloads: boolean[] = [];
  const observer = {
    requestsInFlight: (count: number) => void inFlight.push(count),
    webConfigReloaded: (ok: boolean) => void reloads.push(ok),
  };
  const options: ServeOptions = {
    listenAddresses: ['127.0.0.1:0'],
    telemetryPath: '/metrics',
    webConfigFile: undefined,
    maxRequests: 40,
    responseTimeoutSeconds: 30,
    version: '1.2.3',
    readFile: async path => await readFile(path),
    ...overrides,
  };
  const server = await startServer(options, source, observer, logger);
  t.teardown(async () => await server.close(0));
  const port = Number(server.addresses[0]?.split(':').at(-1));
  const host = `127.0.0.1:${port}`;
  return { server, port, http: `http://${host}`, https: `https://${host}`, lines, inFlight, reloads };
}

/** A new directory that ends with the test. */
export function freshDirectory(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'confined-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

export interface ConfiguredServer extends TestServer {
  /** The web configuration file. */
  readonly file: string;
  /** What a scrape without credentials gets. */
  readonly status: () => Promise<number>;
}

/** A server with this web configuration. */
export async function serveConfigured(
  t: Test,
  text: string,
  file = join(freshDirectory(t), 'web.yml'),
): Promise<ConfiguredServer> {
  writeFileSync(file, text);
  const server = await serve(t, fixedSource(), { webConfigFile: file });
  return { ...server, file, status: async () => (await request(`${server.http}/metrics`)).status };
}

/** A bare TCP connection, for clients that misbehave. */
export async function rawConnection(t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  await new Promise(resolve => {
    socket.once('connect', resolve);
  });
  return socket;
}

/** Waits until something holds; fails loudly when it does not come. */
export async function until(condition: () => boolean, seconds = 8): Promise<void> {
  for (let waited = 0; waited < seconds * 50; waited += 1) {
    if (condition()) return;
    await sleep(20);
  }
  throw new Error(`did not come true within ${seconds} s: ${condition.toString()}`);
}

export async function closed(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise(resolve => {
    socket.once('close', resolve);
    socket.on('error', () => undefined);
  });
}

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of its own directory, made by the openssl program. */
export class Authority {
  readonly certificate: string;
  readonly #directory: string;
  readonly #key: string;

  constructor(directory: string, name = 'test authority') {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    this.certificate = join(directory, 'ca.crt');
    this.#key = join(directory, 'ca.key');
    openssl(
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ['-subj', `/CN=${name}`, '-keyout', this.#key, '-out', this.certificate],
    );
  }

  /** Signs a certificate, for servers and clients alike. */
  issue(name: string, alternativeNames = 'DNS:localhost,IP:127.0.0.1'): CertificateFiles {
    const file = (suffix: string) => join(this.#directory, `${name}.${suffix}`);
    writeFileSync(file('ext'), `subjectAltName=${alternativeNames}\n`);
    openssl(
      ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ['-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('csr')],
    );
    openssl(
      ['x509', '-req', '-days', '2', '-in', file('csr'), '-CA', this.certificate, '-CAkey', this.#key],
      ['-CAcreateserial', '-extfile', file('ext'), '-out', file('crt')],
    );
    return { certificate: file('crt'), key: file('key') };
  }
}

function openssl(...parts: string[][]): void {
  execFileSync('openssl', parts.flat(), { stdio: 'ignore' });
}
