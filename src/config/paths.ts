import { InvalidValue } from './invalid-value.js';

/** Reads the path of a file. Throws {@link InvalidValue}. */
export function parsePath(text: string): string {
  if (text === '' || text.includes('\0')) {
    throw new InvalidValue('is not the path of a file; write one, or leave the option out');
  }
  return text;
}

/** Reads the path of a directory from the root on; slashes at its end are dropped. Throws {@link InvalidValue}. */
export function parseAbsolutePath(text: string): string {
  if (!text.startsWith('/') || text.includes('\0')) {
    throw new InvalidValue('is not an absolute path; write one that starts with /');
  }
  return text.replace(/\/+$/u, '') || '/';
}

/**
 * Reads the path that metrics are served at, which must not hide the landing page or the paths below `/-/`.
 * Throws {@link InvalidValue}.
 */
export function parseTelemetryPath(text: string): string {
  if (!text.startsWith('/')) {
    throw new InvalidValue('is not a path of this server; write one that starts with /, such as /metrics');
  }
  if (text === '/' || text === '/-' || text.startsWith('/-/')) {
    throw new InvalidValue(
      'is taken by the landing page or the health checks; write another, such as /metrics',
    );
  }
  if (!/^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/u.test(text)) {
    throw new InvalidValue(
      'is not a plain path; write letters, digits, _ . ~ or - between single slashes, such as /metrics',
    );
  }
  return text;
}
