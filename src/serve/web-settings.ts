import type { SecureContextOptions } from 'node:tls';

import type { TokenBucket } from './rate-limit.js';
import type { TlsConfig } from './web-config-tls.js';

/** A web configuration that is ready to be used: parsed, with its certificates read and checked. */
export interface WebSettings {
  readonly headers: ReadonlyMap<string, string>;
  /** User name to bcrypt hash. */
  readonly users: ReadonlyMap<string, string>;
  readonly http2: boolean | undefined;
  readonly bucket: TokenBucket | undefined;
  readonly tls: TlsSettings | undefined;
  /** Every file that went into it, the configuration first. */
  readonly files: readonly string[];
}

export interface TlsSettings {
  readonly config: TlsConfig;
  readonly context: SecureContextOptions;
}

/** What holds without a web configuration file. */
export const DEFAULT_SETTINGS: WebSettings = {
  headers: new Map(),
  users: new Map(),
  http2: undefined,
  bucket: undefined,
  tls: undefined,
  files: [],
};
