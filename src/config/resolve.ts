import { InvalidValue } from './invalid-value.js';
import type { ListKind, ValueKind } from './kinds.js';
import { defaultsOf, type Option } from './option.js';
import { quote } from './quote.js';
import type { Setting, WrittenValue } from './setting.js';

/** An option's value after all sources were heard. */
export interface Resolved {
  /** Absent where the option is unset and has no default. */
  readonly value: unknown;
  /** Where it was set; absent for a default. */
  readonly origin: string | undefined;
}

/**
 * Takes the value of the first source that sets the option, or else the default, and parses those of the
 * others too, so that a mistake shows even where another source hides it. Adds to `mistakes`.
 */
export function resolve(option: Option, settings: readonly Setting[], mistakes: string[]): Resolved {
  const [first] = settings.map(setting => ({
    value: parseSetting(option, setting, mistakes),
    origin: setting.origin,
  }));
  return first ?? { value: parseSetting(option, defaultSetting(option), mistakes), origin: undefined };
}

function defaultSetting(option: Option): Setting {
  const origin = `default of --${option.name}`;
  return { origin, values: defaultsOf(option).map(text => ({ text, origin })) };
}

function parseSetting(option: Option, setting: Setting, mistakes: string[]): unknown {
  const { kind } = option;
  if (kind.form === 'list') {
    const mistake = listMistake(option, kind, setting);
    if (mistake !== undefined) {
      mistakes.push(mistake);
      return undefined;
    }
    return setting.values
      .filter(({ text }) => text !== kind.emptiedBy)
      .map(written => parseValue(kind.item, written, mistakes));
  }
  const [written] = setting.values;
  return written === undefined ? undefined : parseValue(kind, written, mistakes);
}

function listMistake(option: Option, { emptiedBy }: ListKind<unknown>, setting: Setting): string | undefined {
  const { origin, values } = setting;
  const emptying = values.find(({ text }) => text === emptiedBy);
  if (emptying !== undefined && values.length > 1) {
    return `${emptying.origin}: ${quote(emptying.text)} stands beside other values; write it alone, or leave it out`;
  }
  return values.length === 0 && emptiedBy === undefined && defaultsOf(option).length > 0
    ? `${origin}: is an empty list; write at least one value`
    : undefined;
}

function parseValue(kind: ValueKind<unknown>, { text, origin }: WrittenValue, mistakes: string[]): unknown {
  try {
    return kind.parse(text);
  } catch (error) {
    if (!(error instanceof InvalidValue)) {
      throw error;
    }
    mistakes.push(`${origin}: ${quote(text)} ${error.message}`);
    return undefined;
  }
}
