import type { Logger } from 'pino';

import { oneLine } from './one-line.js';
import type { ServeObserver } from './scrape-source.js';
import type { ReadFile } from './tls-context.js';
import { DEFAULT_SETTINGS, type WebSettings } from './web-settings.js';

/** The web settings in force. */
export interface SettingsStore {
  current(): WebSettings;
  /** Loads the file again; false keeps what was in force, with one line in the log. Never rejects. */
  reload(): Promise<boolean>;
}

export interface SettingsStoreOptions {
  readonly file: string | undefined;
  readonly readFile: ReadFile;
  readonly observer: ServeObserver;
  readonly logger: Logger;
  /** Unix time. */
  readonly nowSeconds: () => number;
  /** Monotonic, in seconds. */
  readonly clock: () => number;
  /** Puts new settings into force. */
  readonly apply: (settings: WebSettings) => void;
}

/**
 * Loads the settings for the first time. The parser of the file is loaded only where there is one.
 * @throws Error whose message has one line per mistake.
 */
export async function openSettings(options: SettingsStoreOptions): Promise<SettingsStore> {
  const { file, readFile, observer, logger, nowSeconds, clock } = options;
  if (file === undefined)
    return { current: () => DEFAULT_SETTINGS, reload: async () => await Promise.resolve(true) };
  const { loadWebSettings } = await import('./load-web-settings.js');
  let current = await loadWebSettings(file, readFile, clock);
  observer.webConfigReloaded(true, nowSeconds());
  if (current.http2 === true) logger.info('http_server_config.http2 is accepted, but HTTP/1.1 is served');

  async function reload(): Promise<boolean> {
    const ok = await replace().catch((error: unknown) => {
      logger.error(
        { reason: oneLine(error) },
        'the web configuration was not reloaded: the last good one stays in force',
      );
      return false;
    });
    observer.webConfigReloaded(ok, nowSeconds());
    return ok;
  }

  async function replace(): Promise<boolean> {
    const next = await loadWebSettings(file ?? '', readFile, clock, current);
    refuseRestartOnly(file ?? '', current, next);
    options.apply(next);
    current = next;
    logger.info({ file }, 'the web configuration was reloaded');
    return true;
  }

  return { current: () => current, reload: oneAtATime(reload) };
}

/** A listener cannot change between HTTP and HTTPS, nor begin or cease to ask for client certificates. */
function refuseRestartOnly(file: string, current: WebSettings, next: WebSettings): void {
  if ((current.tls === undefined) !== (next.tls === undefined)) {
    const change = next.tls === undefined ? 'off' : 'on';
    throw new Error(`${file}: tls_server_config: switching TLS ${change} needs a restart`);
  }
  if (asksForCertificate(current) !== asksForCertificate(next)) {
    throw new Error(
      `${file}: tls_server_config.client_auth_type: changing from or to NoClientCert needs a restart`,
    );
  }
}

function asksForCertificate({ tls }: WebSettings): boolean {
  return tls !== undefined && tls.config.clientAuthType !== 'NoClientCert';
}

function oneAtATime<T>(task: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async () => {
    const run = last.then(task);
    last = run;
    return await run;
  };
}
