import { oneLine } from './one-line.js';
import { createTokenBucket, type TokenBucket } from './rate-limit.js';
import { loadSecureContext, pemFiles, type ReadFile } from './tls-context.js';
import { parseWebConfig, type WebConfig } from './web-config.js';
import { DEFAULT_SETTINGS, type WebSettings } from './web-settings.js';

/**
 * Reads a web configuration file and what it refers to. A rate limit that did not change keeps its tokens.
 * @throws Error whose message has one line per mistake, each with file, line, key and fix.
 */
export async function loadWebSettings(
  file: string,
  readFile: ReadFile,
  clock: () => number,
  previous: WebSettings = DEFAULT_SETTINGS,
): Promise<WebSettings> {
  const text = await readConfigFile(file, readFile);
  refuseEmptied(text, file, previous);
  const config = parseOrThrow(text, file);
  const tls = config.tls && {
    config: config.tls,
    context: await loadSecureContext(config.tls, file, readFile),
  };
  return {
    headers: config.headers,
    users: config.users,
    http2: config.http2,
    bucket: keepBucket(config, clock, previous.bucket),
    tls,
    files: [file, ...pemFiles(config.tls)],
  };
}

async function readConfigFile(file: string, readFile: ReadFile): Promise<string> {
  try {
    return (await readFile(file)).toString();
  } catch (error) {
    throw new Error(
      `--web.config.file=${file} cannot be read: check that it exists and is readable (${oneLine(error)})`,
      { cause: error },
    );
  }
}

/** A file that is read while it is being written may be empty: that must not open what asked for a password. */
function refuseEmptied(text: string, file: string, previous: WebSettings): void {
  if (text.trim() === '' && previous.users.size > 0)
    throw new Error(
      `${file}: the file is empty: to serve without passwords, leave a comment in it that says so`,
    );
}

function parseOrThrow(text: string, file: string): WebConfig {
  const result = parseWebConfig(text, file);
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return result.config;
}

function keepBucket(
  { rateLimit }: WebConfig,
  clock: () => number,
  previous: TokenBucket | undefined,
): TokenBucket | undefined {
  if (rateLimit === undefined) return undefined;
  const same =
    previous?.limit.burst === rateLimit.burst && previous.limit.intervalSeconds === rateLimit.intervalSeconds;
  return same ? previous : createTokenBucket(rateLimit, clock);
}
