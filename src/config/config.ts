import type { CollectorName } from './collectors.js';
import type { FieldsOf } from './option.js';
import type { FIELD_OPTIONS } from './options.js';

/** What confined is asked to do. */
export type Command = 'serve' | 'healthcheck';

/** The part of the configuration that is one field per row of {@link FIELD_OPTIONS}. */
export type ConfigFields = FieldsOf<(typeof FIELD_OPTIONS)[number]>;

/** Everything a user can decide, parsed and checked. Durations are in seconds. */
export interface Config extends ConfigFields {
  readonly command: Command;
  /** What is collected, after `--collector.disable-defaults`. */
  readonly collectors: ReadonlySet<CollectorName>;
}
