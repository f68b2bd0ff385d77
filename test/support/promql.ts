import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A metric in an expression, with what its braces and brackets ask for. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** What stands in the brackets: `5m`. Absent for an instant vector. */
  readonly range: string | undefined;
  /** The function that takes it at once: `rate`. */
  readonly within: string | undefined;
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  /** As it is written, with its quotes. */
  readonly value: string;
}

/** What an expression names. */
export interface Names {
  readonly selectors: readonly Selector[];
  /** Labels that it groups by or joins on. */
  readonly grouping: readonly string[];
}

/**
 * The metrics and labels that a PromQL expression names, by the grammar of Prometheus. A metric that is named as
 * `{__name__="…"}` is empty here, and labels within the strings of `label_replace` are not found. Throws where the
 * expression is not valid, and says where.
 */
export function namesIn(expression: string): Names {
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, type, from, node }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') selectors.push(selectorOf(node, expression));
      if (name === 'GroupingLabels')
        grouping.push(...node.getChildren('LabelName').map(label => textOf(label, expression)));
    },
  });
  return { selectors, grouping };
}

/** The labels that a template of an annotation names. */
export function labelsInTemplate(template: string): string[] {
  return [...template.matchAll(/\$labels\.(\w+)/gu)].flatMap(([, label]) => label ?? []);
}

function selectorOf(node: SyntaxNode, expression: string): Selector {
  const braces = node.getChild('LabelMatchers');
  const matchers = braces?.getChildren('UnquotedLabelMatcher') ?? [];
  const outer = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
  return {
    metric: textOf(node.getChild('Identifier'), expression),
    matchers: matchers.map(matcher => ({
      label: textOf(matcher.getChild('LabelName'), expression),
      operator: textOf(matcher.getChild('MatchOp'), expression),
      value: textOf(matcher.getChild('StringLiteral'), expression),
    })),
    range: outer === undefined ? undefined : textOf(outer, expression).replace(/^.*\[(.*)\]$/su, '$1'),
    within: functionAround(outer ?? node, expression),
  };
}

/** Past parentheses and `offset`, the function whose argument it is. */
function functionAround({ parent }: SyntaxNode, expression: string): string | undefined {
  const name = parent?.name ?? '';
  if (parent === null || !/^(?:FunctionCallBody|FunctionCall|ParenExpr|OffsetExpr)$/u.test(name))
    return undefined;
  if (name !== 'FunctionCall') return functionAround(parent, expression);
  return textOf(parent.getChild('FunctionIdentifier'), expression);
}

function textOf(node: SyntaxNode | null, expression: string): string {
  return node === null ? '' : expression.slice(node.from, node.to);
}
