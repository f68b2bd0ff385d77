import { nearest } from './nearest.js';
import { environmentVariable, type Option } from './option.js';
import { OPTIONS } from './options.js';
import { show } from './quote.js';
import type { Setting, Settings } from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'CONFINED_';

/**
 * What Kubernetes puts into every pod for a service whose name starts with `confined`:
 * `CONFINED_SERVICE_HOST`, `CONFINED_WEB_PORT_10401_TCP_ADDR`.
 */
const KUBERNETES_SERVICE =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)=|_PORT=[a-z]+:\/\//u;

/** Reads every `CONFINED_…` variable. An empty one is unset; lists are separated by commas or line breaks. */
export function fromEnvironment(environment: Environment): Settings {
  return {
    settings: readVariables(environment, environmentVariable),
    mistakes: unknownVariables(environment),
  };
}

/** Reads the variables that other programs read too, such as `DOCKER_HOST`. */
export function fromForeignVariables(environment: Environment): ReadonlyMap<string, Setting> {
  return readVariables(environment, option => option.fallbackVariable);
}

function readVariables(
  environment: Environment,
  variableOf: (option: Option) => string | undefined,
): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const option of OPTIONS) {
    const variable = variableOf(option);
    const setting = variable === undefined ? undefined : settingOf(option, variable, environment);
    if (setting !== undefined) {
      settings.set(option.name, setting);
    }
  }
  return settings;
}

function settingOf({ kind }: Option, origin: string, environment: Environment): Setting | undefined {
  const text = environment[origin] ?? '';
  const texts = kind.form === 'list' ? text.split(/[,\n]/u).map(item => item.trim()) : [text];
  const values = texts.filter(item => item !== '').map(item => ({ text: item, origin }));
  return values.length === 0 ? undefined : { origin, values };
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set(OPTIONS.map(environmentVariable));
  return Object.keys(environment)
    .filter(name => name.startsWith(PREFIX) && (environment[name] ?? '') !== '')
    .filter(name => !known.has(name) && !KUBERNETES_SERVICE.test(`${name}=${environment[name]}`))
    .sort()
    .map(explainUnknownVariable);
}

function explainUnknownVariable(name: string): string {
  const endings = OPTIONS.map(option => environmentVariable(option).slice(PREFIX.length));
  const guess = nearest(name.slice(PREFIX.length), endings);
  const advice = guess === undefined ? 'see confined --help' : `write ${PREFIX}${guess}`;
  return `${show(name)}: is not an option; ${advice}`;
}
