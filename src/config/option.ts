import type { Kind, ListKind, ValueKind } from './kinds.js';

/** The headings of `--help`, in order. */
export const GROUPS = [
  'Configuration file',
  'Web server',
  'Logging',
  'Polling',
  'Discovery',
  'Containers',
  'Collectors',
  'Confinement',
  'Paths and limits',
] as const;

/** One option, wherever it is written: on the command line, in the environment or in the file. */
export interface Option {
  /** As on the command line and in the file, without dashes: `poll.interval`. */
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  readonly kind: Kind<unknown>;
  /** As a user would write it. An option without one is absent until it is set. */
  readonly default?: string | readonly string[];
  /** One sentence. */
  readonly help: string;
  /** A variable that other programs read too; used when nothing else sets the option. */
  readonly fallbackVariable?: string;
  /** Only the command line and the environment can set it. */
  readonly notInFile?: true;
}

/** An option that is one field of the configuration. */
export interface FieldOption extends Option {
  /** The field's name: the option's, in camel case, with the unit of a bare number. */
  readonly field: string;
}

/** The configuration that a table of options yields: one field per row. */
export type FieldsOf<Row extends FieldOption> = {
  readonly [R in Row as R['field']]: ValueOf<R>;
};

type ValueOf<Row extends FieldOption> =
  Row['kind'] extends ListKind<infer Item>
    ? readonly Item[]
    : Row['kind'] extends ValueKind<infer Value>
      ? Value | (Row extends { readonly default: string } ? never : undefined)
      : never;

/** The environment variable of an option: `CONFINED_POLL_INTERVAL`. */
export function environmentVariable({ name }: Pick<Option, 'name'>): string {
  return `CONFINED_${name.toUpperCase().replaceAll(/[.-]/gu, '_')}`;
}

/** How the option is written with a value: `--poll.interval=DURATION`, `--[no-]collector.cpu`. */
export function flagSyntax(option: Option): string {
  return option.kind.form === 'switch'
    ? `--[no-]${option.name}`
    : `--${option.name}=${placeholderOf(option)}`;
}

/** What stands for one value of the option. */
export function placeholderOf({ kind }: Option): string {
  return kind.form === 'list' ? kind.item.placeholder : kind.placeholder;
}

/** The option's default values as a user would write them. */
export function defaultsOf(option: Option): readonly string[] {
  const { default: written = [] } = option;
  return typeof written === 'string' ? [written] : written;
}
