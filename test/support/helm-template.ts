/** An action of a Helm template, without its braces: `if .Values.ptrace`, `toYaml . | nindent 4`. */
export interface Action {
  readonly text: string;
  readonly line: number;
}

const OPENING = /^(if|with|range|define|block)\b/;

/** All actions of a template; throws where braces do not pair. */
export function actionsOf(template: string, name: string): Action[] {
  return template.split('\n').flatMap((line, index) => {
    const actions = [...line.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}/g)].map(([, text = '']) => ({
      text,
      line: index + 1,
    }));
    const braces = line.match(/\{\{|\}\}/g) ?? [];
    if (braces.length !== actions.length * 2 || actions.some(({ text }) => /\{\{|\}\}/.test(text))) {
      throw new Error(`${name}:${index + 1}: braces do not pair`);
    }
    return actions;
  });
}

/** Throws where a block has no end, or an end no block. */
export function checkBlocks(actions: readonly Action[], name: string): void {
  const open: Action[] = [];
  for (const action of actions) {
    if (OPENING.test(action.text)) open.push(action);
    if (action.text === 'end' && open.pop() === undefined) throw new Error(`${name}:${action.line}: end`);
  }
  const [left] = open;
  if (left !== undefined) throw new Error(`${name}:${left.line}: ${left.text} has no end`);
}

/** The keys below `.Values` that actions ask for, each as a list. */
export function valuesAskedFor(actions: readonly Action[]): string[][] {
  return actions.flatMap(({ text }) =>
    [...text.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = '']) => path.slice(1).split('.')),
  );
}

/**
 * The YAML of a template with every block taken and every value `value`: what an indentation makes of it, not what Helm does.
 * Blocks that exclude each other are both there, so a key can be there twice.
 */
export function skeletonOf(template: string): string {
  return template
    .split('\n')
    .filter(line => !/^\s*\{\{-?\s[^{}]*\}\}$/.test(line))
    .map(line => line.replaceAll(/\{\{[^{}]*\}\}/g, 'value'))
    .join('\n');
}
