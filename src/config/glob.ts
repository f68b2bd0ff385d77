import { InvalidValue } from './invalid-value.js';

const LONGEST_GLOB = 256;

/**
 * Reads a glob in which `*` stands for any text and `?` for one character; everything else stands for
 * itself. The expression is anchored at both ends, tells upper from lower case, and takes time that grows
 * with the length of the text alone, whatever a container is called. Throws {@link InvalidValue}.
 */
export function parseGlob(text: string): RegExp {
  if (text === '') {
    throw new InvalidValue('is an empty glob; write a name, or * for all');
  }
  if (text.length > LONGEST_GLOB) {
    throw new InvalidValue(`is longer than ${LONGEST_GLOB} characters; shorten it with *`);
  }
  const [first = '', ...others] = text.split(/\*+/u).map(literalExpression);
  const last = others.pop();
  const end = last === undefined ? '' : `.*${last}`;
  return new RegExp(`^${first}${others.map(firstMatch).join('')}${end}$`, 'su');
}

/**
 * Text up to and including the next place where the part matches. The first place is always as good as any
 * later one, so the look-ahead forbids going back to try them: this is what keeps the match linear.
 */
function firstMatch(part: string, index: number): string {
  return `(?=(.*?${part}))(?:\\${index + 1})`;
}

function literalExpression(text: string): string {
  return text.replace(/[\\^$.+()[\]{}|/]/gu, String.raw`\$&`).replaceAll('?', '.');
}
