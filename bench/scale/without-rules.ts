import type { DashboardFile } from '../../grafana/preview/dashboard-file.js';
import { readRules, type Rule } from '../../test/support/rules.js';

/** A recorded series, and what is asked of its labels. */
const RECORDED = /(?<![\w:])([a-z]\w*:\w+:\w+)(?:\{([^}]*)\})?/gu;
const EXPORTED = /(?<![\w:])((?:confined|container|machine)_\w+)(?![\w:])(?:\{([^}]*)\})?/gu;

/** The same dashboard for a Prometheus without recording rules. */
export function withoutRules(dashboard: DashboardFile): DashboardFile {
  const rules = readRules('deploy/prometheus/recording-rules.yml');
  const panels = dashboard.panels.map(panel => ({
    ...panel,
    targets: (panel.targets ?? []).map(target => ({ ...target, expr: unrecorded(target.expr, rules) })),
  }));
  return { ...dashboard, panels };
}

/**
 * Puts the rules' expressions in the place of what they record. What is asked of a recorded series' labels is asked of all
 * series that its rule takes: they are labels that the rule keeps.
 */
function unrecorded(expression: string, rules: readonly Rule[]): string {
  return expression.replaceAll(RECORDED, (_, name: string, matchers: string | undefined) => {
    const rule = rules.find(({ record }) => record === name);
    if (rule === undefined) throw new Error(`nothing records ${name}`);
    return `(${matching(unrecorded(rule.expr, rules).trim(), matchers)})`;
  });
}

function matching(expression: string, matchers: string | undefined): string {
  if (matchers === undefined) return expression;
  return expression.replaceAll(EXPORTED, (_, name: string, own: string | undefined) => {
    return `${name}{${own === undefined ? '' : `${own}, `}${matchers}}`;
  });
}
