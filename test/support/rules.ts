import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { readDocument, type Fields } from './deployment.js';

/** A rule as its file has it: an alert, or else a recording rule. */
export interface Rule {
  readonly group: string;
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One group of a file of promtool's unit tests. */
export interface RuleTest {
  readonly file: string;
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts?: readonly unknown[];
  }[];
  readonly promql_expr_test?: readonly { readonly expr: string; readonly exp_samples?: readonly unknown[] }[];
}

const RULE_FILES = ['recording-rules.yml', 'alerts.yml'] as const;

/** The shipped rule files by name, changed like this, as a Prometheus takes them. */
export function shippedRules(change: (document: Fields) => Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    RULE_FILES.map(name => [name, stringify(change(readDocument(`deploy/prometheus/${name}`)))]),
  );
}

/** All rules of a file, in order. */
export function readRules(path: string): Rule[] {
  const { groups } = parse(readFileSync(path, 'utf8')) as { groups: { name: string; rules: Rule[] }[] };
  return groups.flatMap(({ name, rules }) =>
    rules.map(rule => ({
      ...rule,
      group: name,
      labels: rule.labels ?? {},
      annotations: rule.annotations ?? {},
    })),
  );
}

/** The files of promtool's unit tests below a directory. */
export function ruleTestFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.yml'))
    .map(name => join(directory, name))
    .toSorted();
}

/** Every group of tests in these files. */
export function readRuleTests(files: readonly string[]): RuleTest[] {
  return files.flatMap(file => {
    const { tests } = parse(readFileSync(file, 'utf8')) as { tests: RuleTest[] };
    return tests.map(test => ({ ...test, file }));
  });
}
