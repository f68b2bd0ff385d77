import type { Logger } from 'pino';

import { createBasicAuth } from './basic-auth.js';
import { createDrain, type Drain } from './drain.js';
import { landingPage } from './landing-page.js';
import { LateListener } from './late-listener.js';
import { listen } from './listen.js';
import { createMetricsRoute } from './metrics-route.js';
import { CONNECTION_LIMITS, createNodeServer, type NodeServer } from './node-server.js';
import { oneLine } from './one-line.js';
import type { ScrapeSource, ServeObserver } from './scrape-source.js';
import { openSettings, type SettingsStore } from './settings-store.js';
import type { ReadFile } from './tls-context.js';
import type { FileWatch } from './watch.js';

export interface ServeOptions {
  /** As `parseListenAddress` reads them; at least one. */
  readonly listenAddresses: readonly string[];
  /** Begins with a slash. */
  readonly telemetryPath: string;
  readonly webConfigFile: string | undefined;
  /** Scrapes answered at the same time; 0 is no limit. */
  readonly maxRequests: number;
  /** How long a scrape may take, and how long a client may take to read anything at all. */
  readonly responseTimeoutSeconds: number;
  readonly version: string;
  readonly readFile: ReadFile;
  /** Unix time. */
  readonly nowSeconds?: () => number;
}

export interface RunningServer {
  /** `host:port`, one per listen address. */
  readonly addresses: readonly string[];
  /** Loads the web configuration file again; false keeps the last good one. Never rejects. */
  reload(): Promise<boolean>;
  /** Gives scrapes under way this long, then cuts what is left. */
  close(graceSeconds: number): Promise<void>;
}

/** Between the last change of a configuration or certificate file and its reload. */
const QUIET_MILLISECONDS = 250;

/**
 * Serves until it is closed.
 * @throws Error for a web configuration with mistakes (one line each) or an address that cannot be listened on, with
 * the option, the value and the fix. Nothing stays open then.
 */
export async function startServer(
  options: ServeOptions,
  source: ScrapeSource,
  observer: ServeObserver,
  logger: Logger,
): Promise<RunningServer> {
  const servers: NodeServer[] = [];
  let watcher: FileWatch | undefined;
  const settings = await openSettings({
    file: options.webConfigFile,
    readFile: options.readFile,
    observer,
    logger,
    nowSeconds: options.nowSeconds ?? (() => Date.now() / 1000),
    clock: monotonicSeconds,
    apply(next) {
      if (next.tls) for (const server of servers) server.applyTls(next.tls);
      watcher?.update(next.files);
    },
  });
  const drain = createDrain();
  const addresses = await openListeners(options, settings, drain, servers, { source, observer, logger });
  watcher = await watchSettings(settings, logger);
  return {
    addresses,
    reload: async () => await settings.reload(),
    async close(graceSeconds) {
      await watcher?.close();
      await drain.end(graceSeconds);
    },
  };
}

interface Parties {
  readonly source: ScrapeSource;
  readonly observer: ServeObserver;
  readonly logger: Logger;
}

async function openListeners(
  options: ServeOptions,
  settings: SettingsStore,
  drain: Drain,
  servers: NodeServer[],
  { source, observer, logger }: Parties,
): Promise<string[]> {
  // Listening comes before loading Express.
  const app = new LateListener(async () => {
    const { createApp } = await import('./http.js');
    return createApp({
      telemetryPath: options.telemetryPath,
      landingPage: landingPage(options.telemetryPath, options.version),
      metrics: createMetricsRoute(options, source, observer, logger),
      readiness: () => source.readiness(),
      settings: () => settings.current(),
      basicAuth: createBasicAuth(monotonicSeconds),
      logger,
    });
  });
  const addresses: string[] = [];
  try {
    for (const text of options.listenAddresses) {
      const node = createNodeServer(app.listener, settings.current().tls, CONNECTION_LIMITS, logger);
      drain.watch(node.server);
      const address = await listen(node.server, text);
      node.server.on('error', error => logger.error({ err: error, address }, 'a listener failed'));
      logger.info({ address, url: `${node.scheme}://${address}` }, 'listening');
      servers.push(node);
      addresses.push(address);
    }
    await app.load();
  } catch (error) {
    await drain.end(0);
    throw error;
  }
  return addresses;
}

function monotonicSeconds(): number {
  return performance.now() / 1000;
}

/** The watcher is loaded only where there is a file to watch. */
async function watchSettings(settings: SettingsStore, logger: Logger): Promise<FileWatch | undefined> {
  const { files } = settings.current();
  if (files.length === 0) return undefined;
  const { watchFiles } = await import('./watch.js');
  return watchFiles(files, {
    quietMilliseconds: QUIET_MILLISECONDS,
    onChange: () => void settings.reload(),
    onError: error =>
      logger.warn(
        { reason: oneLine(error) },
        'cannot watch the web configuration: send SIGHUP after a change',
      ),
  });
}
