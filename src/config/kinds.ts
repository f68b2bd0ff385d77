import { formatDuration, parseDuration } from './duration.js';
import { InvalidValue } from './invalid-value.js';

/** What an option takes: one value, a switch that needs none, or a list of values. */
export type Kind<T> = ValueKind<T> | ListKind<T>;

export interface ValueKind<T> {
  /** A switch needs no value on the command line: `--name` or `--no-name`. */
  readonly form: 'value' | 'switch';
  /** Stands for the value in `--help`. */
  readonly placeholder: string;
  /** What is taken, as a sentence, where the placeholder does not say it. */
  readonly takes?: string;
  /** Throws {@link InvalidValue}. */
  readonly parse: (text: string) => T;
}

export interface ListKind<T> {
  readonly form: 'list';
  readonly item: ValueKind<T>;
  /** The word that empties the list, written alone. */
  readonly emptiedBy?: string;
}

/** Both ends are included. */
interface Range {
  readonly min: number;
  readonly max?: number;
}

/** A value with a reader of its own. */
export function value<T>(placeholder: string, parse: (text: string) => T, takes?: string): ValueKind<T> {
  return { form: 'value', placeholder, parse, ...(takes === undefined ? {} : { takes }) };
}

export function listOf<T>(item: ValueKind<T>, emptiedBy?: string): ListKind<T> {
  return { form: 'list', item, ...(emptiedBy === undefined ? {} : { emptiedBy }) };
}

/** On or off; `true`, `false`, `1` and `0` in the environment and in the file. */
export function boolean(): ValueKind<boolean> {
  return { form: 'switch', placeholder: 'true|false', parse: parseBoolean };
}

/** One of several words. */
export function choice<const Word extends string>(words: readonly Word[]): ValueKind<Word> {
  const alternatives = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return value(words.join('|'), text => {
    const chosen = words.find(word => word === text);
    if (chosen === undefined) {
      throw new InvalidValue(`is not one of its values; write ${alternatives}`);
    }
    return chosen;
  });
}

/** A whole number. */
export function integer(range: Range): ValueKind<number> {
  const parse = (text: string): number => {
    if (!/^\d{1,15}$/u.test(text)) {
      throw new InvalidValue('is not a whole number; write digits alone');
    }
    return requireWithin(range, Number(text), String);
  };
  return value('NUMBER', parse, describeRange(range, String));
}

/** A Prometheus duration; in seconds. */
export function duration(range: Range): ValueKind<number> {
  const parse = (text: string): number => requireWithin(range, parseDuration(text), formatDuration);
  return value('DURATION', parse, describeRange(range, formatDuration));
}

function parseBoolean(text: string): boolean {
  switch (text) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      throw new InvalidValue('is neither on nor off; write true or false');
  }
}

function requireWithin(range: Range, number: number, show: (number: number) => string): number {
  if (number < range.min) {
    throw new InvalidValue(`is too small; write ${show(range.min)} or more`);
  }
  if (range.max !== undefined && number > range.max) {
    throw new InvalidValue(`is too large; write ${show(range.max)} or less`);
  }
  return number;
}

function describeRange({ min, max }: Range, show: (number: number) => string): string {
  return max === undefined ? `At least ${show(min)}.` : `From ${show(min)} to ${show(max)}.`;
}
