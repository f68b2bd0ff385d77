import type { Logger } from 'pino';
import { createLogger } from '../../src/log.js';
import { createSelfRegistry } from '../../src/metrics/registry.js';
import type { SelfRegistry } from '../../src/metrics/registry.js';
import { parseExposition } from '../support/exposition.js';
import type { Exposition } from '../support/exposition.js';

/** A registry and a log, and what they came to hold. */
export interface Recording {
  readonly registry: SelfRegistry;
  readonly logger: Logger;
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  readonly exposition: () => Promise<Exposition>;
}

export function record(): Recording {
  const registry = createSelfRegistry({ defaultMetrics: false });
  const logged: Record<string, unknown>[] = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const logger = createLogger('debug', 'json', { write });
  return { registry, logger, logged, exposition: async () => parseExposition(await registry.render('text')) };
}
