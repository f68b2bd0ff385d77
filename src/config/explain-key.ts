import { nearest } from './nearest.js';
import { defaultsOf, placeholderOf, type Option } from './option.js';
import { OPTIONS } from './options.js';
import { SECTIONS } from './setting.js';
import { yaml } from './yaml.js';

const KNOWN_KEYS: readonly string[] = [...OPTIONS.map(option => option.name), ...SECTIONS];

/** What to say of a key that is neither an option nor a section. */
export function explainUnknownKey(name: string): string {
  const guess = nearest(name, KNOWN_KEYS);
  return `is not an option; ${guess === undefined ? 'see confined --help' : `write ${guess}`}`;
}

/** What to say of a section that has a value of its own. */
export function explainSection(name: string): string {
  const option = OPTIONS.find(({ name: known }) => known.startsWith(`${name}.`));
  return `is a section; write options below it, such as ${option?.name.slice(name.length + 1)}`;
}

/** What to say of a value that is not a plain one. */
export function explainNode(node: unknown, option: Option): string {
  const [example = placeholderOf(option)] = defaultsOf(option);
  const advice = `write ${option.name}: ${example}`;
  if (yaml().isMap(node)) {
    return `takes a value, not a section; ${advice}`;
  }
  if (yaml().isSeq(node)) {
    return `takes one value, not a list; ${advice}`;
  }
  return yaml().isAlias(node)
    ? 'is an alias; write the value itself'
    : `has no value; ${advice}, or remove the line`;
}
