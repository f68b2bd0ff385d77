import type { Block } from '../metrics/block.js';
import type { ExpositionFormat } from '../metrics/exposition.js';

/** What the daemon hands to the server. */
export interface ScrapeSource {
  readonly collectorNames: readonly string[];
  /** One scrape, whole. */
  scrape(request: ScrapeRequest): Promise<AsyncIterable<Block>>;
  readiness(): Readiness;
}

export interface ScrapeRequest {
  readonly format: ExpositionFormat;
  /** `undefined`: all. */
  readonly collectors: ReadonlySet<string> | undefined;
  /** From the header `X-Prometheus-Scrape-Timeout-Seconds`. */
  readonly timeoutSeconds: number | undefined;
}

/** Whether the daemon can answer with current figures, and a sentence that says why or why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason: string;
}

/** Told what the server does, for the daemon's own metrics. */
export interface ServeObserver {
  /** The scrapes being answered, each time that their number changes. */
  requestsInFlight(count: number): void;
  /** After each attempt to load the web configuration file, the one at start included. */
  webConfigReloaded(ok: boolean, unixSeconds: number): void;
}
