/** A metric in an expression, with the labels that its braces ask for. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What an expression names. */
export interface Names {
  readonly selectors: readonly Selector[];
  /** Labels that it groups by or joins on. */
  readonly grouping: readonly string[];
}

const TOKEN =
  /(?<space>\s+|#[^\n]*)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|(?<range>\[[^\]]*\])|(?<number>\d[\w.]*)|(?<name>[a-zA-Z_:][\w:]*)|(?<sign>[=!]~|[=!<>]=|.)/gsu;

/** Words that are neither a metric nor, without a parenthesis behind them, a function. */
const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan', 'start', 'end']);
const AGGREGATIONS = new Set(
  'avg bottomk count count_values group max min quantile stddev stdvar sum topk'.split(' '),
);
const GROUPINGS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);

/**
 * The metrics and labels that a PromQL expression names. This reads words, not the grammar: a name before a parenthesis is
 * a function, one that is no keyword is a metric. A metric that is named as `{__name__="…"}` is not found, nor labels
 * within the strings of `label_replace`; promtool is the one to say whether the expression is valid.
 */
export function namesIn(expression: string): Names {
  const tokens = tokensOf(expression);
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? '';
    if (!isName(token)) continue;
    const next = tokens[index + 1];
    const word = token.toLowerCase();
    if (GROUPINGS.has(word)) {
      const names = next === '(' ? upTo(')', tokens, index + 2) : [];
      grouping.push(...names.filter(isName));
      if (next === '(') index += names.length + 1;
      continue;
    }
    if (next === '(' || KEYWORDS.has(word) || AGGREGATIONS.has(word)) continue;
    const matchers = next === '{' ? upTo('}', tokens, index + 2) : [];
    selectors.push({ metric: token, labels: matchers.filter(isName) });
    if (next === '{') index += matchers.length + 1;
  }
  return { selectors, grouping };
}

/** The labels that a template of an annotation names. */
export function labelsInTemplate(template: string): string[] {
  return [...template.matchAll(/\$labels\.(\w+)/gu)].flatMap(([, label]) => label ?? []);
}

/** Without blanks and comments; a string is one token. */
function tokensOf(expression: string): string[] {
  return [...expression.matchAll(TOKEN)]
    .filter(({ groups }) => groups?.['space'] === undefined)
    .map(([token]) => token);
}

function isName(token: string): boolean {
  return /^[a-zA-Z_:]/u.test(token);
}

function upTo(end: string, tokens: readonly string[], from: number): readonly string[] {
  const to = tokens.indexOf(end, from);
  return tokens.slice(from, to < 0 ? undefined : to);
}
