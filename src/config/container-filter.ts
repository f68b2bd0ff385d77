import { parseGlob } from './glob.js';
import { InvalidValue } from './invalid-value.js';
import { nearest } from './nearest.js';
import { quote } from './quote.js';

const FIELDS = ['name', 'image', 'label'] as const;

/** One `--container.include` or `--container.exclude`. */
export interface ContainerFilter {
  readonly field: (typeof FIELDS)[number];
  /** The label's key, as the container has it; only where the field is `label`. */
  readonly key?: string;
  /** What the name, the image or the label's value matches as a whole. */
  readonly pattern: RegExp;
}

/**
 * Reads `name=GLOB`, `image=GLOB`, `label=KEY=GLOB`, `label=KEY` (the label exists) or a bare `GLOB` for the
 * name. Throws {@link InvalidValue}.
 */
export function parseContainerFilter(text: string): ContainerFilter {
  const [field, value] = splitAtEquals(text);
  if (value === undefined) {
    return { field: 'name', pattern: parseGlob(text) };
  }
  switch (field) {
    case 'name':
    case 'image':
      return { field, pattern: parseGlob(value) };
    case 'label':
      return labelFilter(value);
    default:
      throw new InvalidValue(explainField(field));
  }
}

function labelFilter(text: string): ContainerFilter {
  const [key, value = '*'] = splitAtEquals(text);
  if (key === '') {
    throw new InvalidValue('names no label; write label=KEY or label=KEY=GLOB');
  }
  return { field: 'label', key, pattern: parseGlob(value) };
}

function splitAtEquals(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function explainField(field: string): string {
  const guess = nearest(field, FIELDS);
  const advice = guess === undefined ? 'write name=, image= or label=' : `write ${guess}=`;
  return `looks at an unknown property ${quote(field)}; ${advice}`;
}
