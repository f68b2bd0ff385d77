import type { Config } from '../../src/config/config.js';
import { loadConfig, type ConfigResult } from '../../src/config/load.js';

/** What a user wrote, and where. */
export interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The text of confined.yml, which `CONFINED_CONFIG_FILE` then names. */
  readonly file?: string;
}

export function load({ argv = [], env = {}, file }: Given): ConfigResult {
  return loadConfig({
    argv,
    env: file === undefined ? env : { CONFINED_CONFIG_FILE: 'confined.yml', ...env },
    readTextFile: () => file ?? '',
  });
}

/** The configuration; throws where there are mistakes. */
export function configOf(given: Given): Config {
  const result = load(given);
  if (result.kind !== 'config') {
    throw new Error(JSON.stringify(result));
  }
  return result.config;
}

/** What confined prints instead of starting. */
export function messagesOf(given: Given): readonly string[] {
  const result = load(given);
  return result.kind === 'errors' ? result.messages : [`no mistake, but ${result.kind}`];
}
