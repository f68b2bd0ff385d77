import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Logger } from 'pino';

import type { BasicAuth } from './basic-auth.js';
import type { LandingPage } from './landing-page.js';
import { oneLine } from './one-line.js';
import type { Readiness } from './scrape-source.js';
import { sendText } from './send.js';
import type { WebSettings } from './web-settings.js';

export interface AppOptions {
  readonly telemetryPath: string;
  readonly landingPage: LandingPage;
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly readiness: () => Readiness;
  /** Asked at each request, so that a reload takes effect at once. */
  readonly settings: () => WebSettings;
  readonly basicAuth: BasicAuth;
  readonly logger: Logger;
}

const BUSY_RETRY_SECONDS = 1;

/** Builds the answer to every request; what is not routed here is 404. */
export function createApp(options: AppOptions): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use((_request, response, next) => {
    setHeaders(response, options.landingPage, options.settings().headers);
    next();
  });
  app.use((request, response, next) => admit(request, response, options, next));
  addRoutes(app, options);
  app.use((_request, response) => sendText(response, 404, 'Not found: see / for what is here.'));
  app.use(errorHandler(options.logger));
  return app;
}

/** Those of the configuration file come last: they replace ours, and an empty one removes it. */
function setHeaders(
  response: ServerResponse,
  page: LandingPage,
  configured: ReadonlyMap<string, string>,
): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', page.contentSecurityPolicy);
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'deny');
  for (const [name, value] of configured) {
    if (value === '') response.removeHeader(name);
    else response.setHeader(name, value);
  }
}

async function admit(
  request: IncomingMessage,
  response: ServerResponse,
  { settings, basicAuth }: AppOptions,
  next: () => void,
): Promise<void> {
  const { bucket, users } = settings();
  if (bucket?.take() === false) {
    response.setHeader('Retry-After', Math.ceil(bucket.limit.intervalSeconds));
    sendText(response, 429, 'Too many requests: the web configuration limits their rate.');
    return;
  }
  const verdict = users.size === 0 ? 'allowed' : await basicAuth(users, request.headers.authorization);
  if (verdict === 'allowed') {
    next();
  } else if (verdict === 'busy') {
    response.setHeader('Retry-After', BUSY_RETRY_SECONDS);
    sendText(response, 503, 'Too many passwords wait to be checked: try again later.');
  } else {
    response.setHeader('WWW-Authenticate', 'Basic realm="confined", charset="UTF-8"');
    sendText(response, 401, 'Unauthorized: give a user name and a password.');
  }
}

function addRoutes(app: Express, options: AppOptions): void {
  const { landingPage, readiness } = options;
  addRoute(app, options.telemetryPath, options.metrics);
  addRoute(app, '/-/healthy', (_request, response) => sendText(response, 200, 'Healthy.'));
  addRoute(app, '/-/ready', (_request, response) => {
    const { ready, reason } = readiness();
    sendText(response, ready ? 200 : 503, oneLine(reason));
  });
  addRoute(app, '/', (_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(landingPage.html);
  });
}

/** A path is taken literally, whatever it means to the router. */
function addRoute(
  app: Express,
  path: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): void {
  const route = app.route(path.replace(/[{}()[\]+?!*:\\]/g, String.raw`\$&`));
  route.get((request, response) => handler(request, response));
  route.all((_request, response) => {
    response.setHeader('Allow', 'GET, HEAD');
    sendText(response, 405, 'Method not allowed: use GET or HEAD.');
  });
}

/** Express takes a handler for one of errors by its four parameters. */
function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
    if (status >= 400 && status < 500) {
      sendText(response, status, 'Bad request.');
      return;
    }
    logger.error({ err: error }, 'a request failed');
    if (response.headersSent) response.destroy();
    else sendText(response, 500, `Internal error: ${oneLine(error)}`);
  };
}
