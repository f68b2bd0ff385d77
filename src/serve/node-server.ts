import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';

import type { Logger } from 'pino';

import { clientRefusal } from './client-certificate.js';
import type { TlsSettings } from './web-settings.js';

/** What one client may cost before it has asked for anything. */
export interface ConnectionLimits {
  /** For all headers to arrive. */
  readonly headersSeconds: number;
  /** For a whole request to arrive. */
  readonly requestSeconds: number;
  readonly handshakeSeconds: number;
  /** Longer than the usual scrape intervals, so that a scraper's connection survives between scrapes. */
  readonly keepAliveSeconds: number;
  /** How often the first two are enforced. */
  readonly checkIntervalSeconds: number;
  readonly headerBytes: number;
  /** Per listener. */
  readonly connections: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersSeconds: 10,
  requestSeconds: 15,
  handshakeSeconds: 10,
  keepAliveSeconds: 125,
  checkIntervalSeconds: 5,
  headerBytes: 16 * 1024,
  connections: 512,
};

/** A server of Node's, HTTP or HTTPS. */
export interface NodeServer {
  readonly server: Server;
  readonly scheme: 'http' | 'https';
  /** Rotates certificates and client rules; connections that exist keep theirs. */
  applyTls(tls: TlsSettings): void;
}

/** Builds a server that is not yet listening; with TLS settings it serves HTTPS. */
export function createNodeServer(
  listener: RequestListener,
  tls: TlsSettings | undefined,
  limits: ConnectionLimits,
  logger: Logger,
): NodeServer {
  const options = {
    headersTimeout: limits.headersSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    connectionsCheckingInterval: limits.checkIntervalSeconds * 1000,
    maxHeaderSize: limits.headerBytes,
  };
  const secure =
    tls &&
    createSecureServer(
      listener,
      { ...options, handshakeTimeout: limits.handshakeSeconds * 1000 },
      tls,
      logger,
    );
  const server = secure?.server ?? createServer(options, listener);
  server.maxConnections = limits.connections;
  server.on('drop', () =>
    logger.debug({ limit: limits.connections }, 'refused a connection: too many are open'),
  );
  return { server, scheme: secure ? 'https' : 'http', applyTls: next => secure?.applyTls(next) };
}

function createSecureServer(
  listener: RequestListener,
  options: { readonly handshakeTimeout: number },
  tls: TlsSettings,
  logger: Logger,
): Pick<NodeServer, 'applyTls'> & { readonly server: Server } {
  let { config } = tls;
  const requestCert = config.clientAuthType !== 'NoClientCert';
  const server = createTlsServer(
    { ...options, ...tls.context, requestCert, rejectUnauthorized: false },
    listener,
  );
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const reason = clientRefusal(socket, config);
    if (reason === undefined) return;
    logger.debug({ client: socket.remoteAddress, reason }, 'refused a TLS client');
    socket.destroy();
  });
  server.on('tlsClientError', error => logger.debug({ err: error }, 'a TLS handshake failed'));
  return {
    server,
    applyTls(next) {
      server.setSecureContext(next.context);
      ({ config } = next);
    },
  };
}
