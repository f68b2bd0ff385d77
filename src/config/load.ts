import { crossCheck } from './checks.js';
import { COLLECTORS, collectorOption, type CollectorName } from './collectors.js';
import type { Command, Config, ConfigFields } from './config.js';
import { fromArguments } from './from-arguments.js';
import { fromEnvironment, fromForeignVariables, type Environment } from './from-environment.js';
import { fromFile } from './from-file.js';
import { helpText } from './help.js';
import { FIELD_OPTIONS, OPTIONS } from './options.js';
import { quote } from './quote.js';
import { resolve, type Resolved } from './resolve.js';
import type { Setting, Settings } from './setting.js';

const MOST_MESSAGES = 100;

export interface ConfigSources {
  /** Without the program's own name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  /** Throws the system's errors, with their `code`. */
  readonly readTextFile: (path: string) => string;
}

export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  /** One mistake per line: where it stands, the value, what is wrong, and what to write instead. */
  | { readonly kind: 'errors'; readonly messages: readonly string[] };

type ResolvedOptions = ReadonlyMap<string, Resolved>;

/**
 * Reads the configuration from the command line, the environment, the file and the defaults, each option from
 * the first of them that sets it. Never throws: all mistakes come back together.
 */
export function loadConfig({ argv, env, readTextFile }: ConfigSources): ConfigResult {
  const flags = fromArguments(argv);
  if (flags.help) {
    return { kind: 'help', text: helpText() };
  }
  if (flags.version) {
    return { kind: 'version' };
  }
  const variables = fromEnvironment(env);
  const file = readFile(
    flags.settings.get('config.file') ?? variables.settings.get('config.file'),
    readTextFile,
  );
  const sources: readonly Settings[] = [flags, variables, file];
  const mistakes = sources.flatMap(source => source.mistakes);
  const resolved = resolveAll(sources, fromForeignVariables(env), mistakes);
  if (mistakes.length > 0) {
    return refuse(mistakes);
  }
  const config = assemble(flags.command, resolved);
  const conflicts = crossCheck(config, name => resolved.get(name)?.origin);
  return conflicts.length > 0 ? refuse(conflicts) : { kind: 'config', config };
}

function readFile(setting: Setting | undefined, readTextFile: ConfigSources['readTextFile']): Settings {
  const [written] = setting?.values ?? [];
  if (written === undefined || written.text === '') {
    return { settings: new Map(), mistakes: [] };
  }
  const { text: path, origin } = written;
  try {
    return fromFile(path, readTextFile(path));
  } catch (error) {
    return { settings: new Map(), mistakes: [`${origin}: ${quote(path)} ${explainUnreadable(error)}`] };
  }
}

function explainUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  switch (code) {
    case 'ENOENT':
      return 'does not exist; create it, or leave the option out';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user; change its permissions';
    case 'EISDIR':
      return 'is a directory; write the path of a file';
    default:
      return `cannot be read (${code}); write the path of a readable file`;
  }
}

function resolveAll(
  sources: readonly Settings[],
  foreign: ReadonlyMap<string, Setting>,
  mistakes: string[],
): ResolvedOptions {
  const settingsOf = (name: string): readonly Setting[] => {
    const own = sources.map(({ settings }) => settings.get(name));
    return [...own, own.some(Boolean) ? undefined : foreign.get(name)].filter(
      setting => setting !== undefined,
    );
  };
  return new Map(OPTIONS.map(option => [option.name, resolve(option, settingsOf(option.name), mistakes)]));
}

function refuse(mistakes: readonly string[]): ConfigResult {
  const left = mistakes.length - MOST_MESSAGES;
  const messages = mistakes.slice(0, MOST_MESSAGES);
  return { kind: 'errors', messages: left > 0 ? [...messages, `… and ${left} more`] : messages };
}

function assemble(command: Command, resolved: ResolvedOptions): Config {
  const fields = Object.fromEntries(
    FIELD_OPTIONS.map(({ field, name }) => [field, resolved.get(name)?.value]),
  );
  // Each field holds what its row's kind parsed, which is what the type says row by row.
  return { ...(fields as ConfigFields), command, collectors: enabledCollectors(resolved) };
}

function enabledCollectors(resolved: ResolvedOptions): ReadonlySet<CollectorName> {
  const defaultsDisabled = resolved.get('collector.disable-defaults')?.value === true;
  const enabled = COLLECTORS.filter(({ name }) => {
    const option = resolved.get(collectorOption(name));
    return option?.value === true && !(defaultsDisabled && option.origin === undefined);
  });
  return new Set(enabled.map(({ name }) => name));
}
