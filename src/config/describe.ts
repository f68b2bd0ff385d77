import { defaultsOf, type Option } from './option.js';

/** What an option takes and what it is by default, as short sentences. */
export interface Facts {
  /** `On by default.`, `Default: 10s.`, `No default.` */
  readonly default: string;
  /** `From 1s to 1d.`, `Repeatable.` */
  readonly takes: readonly string[];
}

/** Puts an option's facts into words; `code` marks what a user would type. */
export function describe(option: Option, code: (text: string) => string): Facts {
  return { default: describeDefault(option, code), takes: describeTaken(option, code) };
}

function describeDefault(option: Option, code: (text: string) => string): string {
  const defaults = defaultsOf(option);
  if (option.kind.form === 'switch') {
    return defaults[0] === 'true' ? 'On by default.' : 'Off by default.';
  }
  return defaults.length === 0 ? 'No default.' : `Default: ${defaults.map(code).join(', ')}.`;
}

function describeTaken({ kind }: Option, code: (text: string) => string): string[] {
  if (kind.form !== 'list') {
    return kind.takes === undefined ? [] : [kind.takes];
  }
  const emptied = kind.emptiedBy === undefined ? [] : [`${code(kind.emptiedBy)} alone empties the list.`];
  return ['Repeatable.', ...emptied];
}
