import { nearest } from './nearest.js';
import { OPTIONS } from './options.js';
import { quote, show } from './quote.js';
import { findOption } from './setting.js';

const KNOWN_FLAGS: readonly string[] = [
  ...OPTIONS.map(option => option.name),
  ...OPTIONS.filter(option => option.kind.form === 'switch').map(option => `no-${option.name}`),
  'help',
  'version',
];

/** What to say of a flag that does not exist. Its value is left out: nobody knows what it holds. */
export function explainUnknownFlag(word: string): string {
  const [flag = ''] = word.split('=', 1);
  const guess = nearest(flag.replace(/^-+/u, ''), KNOWN_FLAGS);
  return `${show(flag)}: is not an option; ${guess === undefined ? 'see confined --help' : `write --${guess}`}`;
}

/** What to say of a word that belongs to no flag and is not a command. */
export function explainPositional(word: string, previous = ''): string {
  const switched = previous.startsWith('--') ? findOption(previous.slice(2)) : undefined;
  if (switched?.kind.form === 'switch') {
    return `${previous}: takes no value, but is followed by ${quote(word)}; write ${previous} or --no-${switched.name} alone`;
  }
  if (word === 'healthcheck') {
    return `${quote(word)}: is not the first word; write the command once`;
  }
  return `${quote(word)}: is not a command; ${adviseOn(word)}`;
}

function adviseOn(word: string): string {
  if (word === 'serve') {
    return 'leave it out, serving is what confined does without a command';
  }
  const [name = ''] = word.split('=', 1);
  const command = nearest(name, ['healthcheck']);
  const flag = nearest(name, KNOWN_FLAGS);
  if (command !== undefined) {
    return `write ${command}`;
  }
  return flag === undefined ? 'the only command is healthcheck' : `write --${flag}`;
}
