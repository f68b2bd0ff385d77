import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Logger } from 'pino';

import type { Block } from '../metrics/block.js';
import { negotiateFormat } from './accept.js';
import { prefersGzip } from './accept-encoding.js';
import { selectCollectors } from './collector-query.js';
import { GzipBodies } from './gzip-body.js';
import { oneLine } from './one-line.js';
import { plainBody } from './plain-body.js';
import { openBody, type ScrapeBody } from './scrape-body.js';
import type { ScrapeRequest, ScrapeSource, ServeObserver } from './scrape-source.js';
import { sendChunks, sendText } from './send.js';

export interface MetricsRouteOptions {
  /** Scrapes answered at the same time; 0 is no limit. */
  readonly maxRequests: number;
  /** How long a scrape may take, and how long a client may take to read anything at all. */
  readonly responseTimeoutSeconds: number;
}

/** A client that reads, but slowly, has this many response timeouts for the whole body. */
const TIMEOUTS_PER_BODY = 10;
const RETRY_AFTER_SECONDS = 1;
const MAX_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** Builds the handler of the metrics path. The promise that it returns never rejects. */
export function createMetricsRoute(
  options: MetricsRouteOptions,
  source: ScrapeSource,
  observer: ServeObserver,
  logger: Logger,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const parts = { options, source, gzip: new GzipBodies(), reportFailure: failureReporter(logger) };
  let inFlight = 0;
  return async (request, response) => {
    if (options.maxRequests > 0 && inFlight >= options.maxRequests) {
      refuseBusy(response, options.maxRequests);
      return;
    }
    observer.requestsInFlight((inFlight += 1));
    try {
      await answer(request, response, parts);
    } catch (error) {
      logger.debug({ err: error }, 'a scrape was not answered to its end');
      response.destroy();
    } finally {
      observer.requestsInFlight((inFlight -= 1));
    }
  };
}

/** Logs a failure once, not at every scrape, until a scrape succeeds or fails otherwise. */
function failureReporter(logger: Logger): (reason: string | undefined) => void {
  let last: string | undefined;
  return reason => {
    if (reason !== undefined && reason !== last) logger.error({ reason }, 'the scrape failed');
    if (reason === undefined && last !== undefined) logger.info('scrapes succeed again');
    last = reason;
  };
}

function refuseBusy(response: ServerResponse, maxRequests: number): void {
  response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  sendText(
    response,
    503,
    `${maxRequests} scrapes are running already: try again later, or raise --web.max-requests.`,
  );
}

interface MetricsRouteParts {
  readonly options: MetricsRouteOptions;
  readonly source: ScrapeSource;
  readonly gzip: GzipBodies;
  readonly reportFailure: (reason: string | undefined) => void;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { options, source, gzip, reportFailure }: MetricsRouteParts,
): Promise<void> {
  response.setHeader('Vary', 'Accept, Accept-Encoding');
  const selection = selectCollectors(request.url ?? '', source.collectorNames);
  if ('error' in selection) {
    sendText(response, 400, selection.error);
    return;
  }
  const { format, contentType } = negotiateFormat(request.headers.accept);
  const scrapeRequest = { format, timeoutSeconds: scrapeTimeout(request), ...selection };
  let failure: string | undefined;
  const body = await openScrape(source, scrapeRequest, options, error => {
    failure = oneLine(error);
    reportFailure(failure);
  });
  if (body === undefined) {
    if (!response.destroyed) sendText(response, 500, `The scrape failed: ${failure}`);
    return;
  }
  try {
    if (response.destroyed) throw new Error('closed while the scrape was running');
    response.setHeader('Content-Type', contentType);
    await sendBody(request, response, body.blocks, gzip, options.responseTimeoutSeconds);
    reportFailure(undefined);
  } finally {
    body.cancel();
  }
}

/** The header that Prometheus sends, in seconds; anything but a positive number is no timeout. */
function scrapeTimeout(request: IncomingMessage): number | undefined {
  const text = request.headers['x-prometheus-scrape-timeout-seconds'];
  if (typeof text !== 'string' || !/^\d{1,9}(\.\d{1,9})?$/.test(text)) return undefined;
  return Number(text) > 0 ? Number(text) : undefined;
}

/** Starts a scrape; one that fails, or does not begin in time so that it would hold its place for ever, is `undefined`. */
async function openScrape(
  source: ScrapeSource,
  request: ScrapeRequest,
  options: MetricsRouteOptions,
  onFailure: (error: unknown) => void,
): Promise<ScrapeBody | undefined> {
  const seconds = Math.max(options.responseTimeoutSeconds, request.timeoutSeconds ?? 0);
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no result after ${seconds} s`)),
      Math.min(seconds * 1000, MAX_TIMER_MILLISECONDS),
    ).unref();
  });
  try {
    return await Promise.race([source.scrape(request).then(blocks => openBody(blocks, onFailure)), expired]);
  } catch (error) {
    onFailure(error);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  blocks: AsyncIterable<Block>,
  gzip: GzipBodies,
  timeoutSeconds: number,
): Promise<void> {
  const compressed = prefersGzip(request.headers['accept-encoding']?.toString());
  if (compressed) response.setHeader('Content-Encoding', 'gzip');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.setTimeout(timeoutSeconds * 1000, () => response.destroy());
  const deadline = setTimeout(() => response.destroy(), timeoutSeconds * 1000 * TIMEOUTS_PER_BODY).unref();
  try {
    const chunks = compressed ? gzip.compress(blocks) : plainBody(blocks);
    await Promise.race([sendChunks(response, chunks), cut(response)]);
  } finally {
    clearTimeout(deadline);
  }
}

/** Rejects when the connection closes before the end, even where the source of the body never answers again. */
async function cut(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    response.once('close', () => {
      if (response.writableFinished) resolve();
      else reject(new Error('the connection closed before the end of the body'));
    });
  });
}
