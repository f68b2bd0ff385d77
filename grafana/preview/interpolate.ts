import type { DashboardFile } from './dashboard-file.js';

/** What stands for Grafana's own variables. */
export interface Intervals {
  /** From one point of a graph to the next. */
  readonly stepSeconds: number;
  /** Of the data source: how often is scraped. */
  readonly scrapeSeconds: number;
  readonly rangeSeconds: number;
}

/**
 * Puts values in the place of variables, as Grafana does before it sends a query: those in `values`, or else what "All"
 * stands for, and Grafana's own intervals. Throws where the dashboard does not have the variable.
 */
export function interpolate(
  expression: string,
  { templating }: DashboardFile,
  values: Readonly<Record<string, string>>,
  { stepSeconds, scrapeSeconds, rangeSeconds }: Intervals,
): string {
  const own: Readonly<Record<string, string>> = {
    // https://grafana.com/blog/2020/09/28/new-in-grafana-7.2-__rate_interval-for-prometheus-rate-queries-that-just-work/
    __rate_interval: `${Math.max(stepSeconds + scrapeSeconds, 4 * scrapeSeconds)}s`,
    __interval: `${stepSeconds}s`,
    __range: `${rangeSeconds}s`,
  };
  return expression.replaceAll(/\$(\w+)/gu, (_, name: string) => {
    const variable = templating.list.find(variable => variable.name === name);
    const value = values[name] ?? own[name] ?? variable?.allValue;
    if (value === undefined) throw new Error(`$${name} is no variable: ${expression}`);
    return value;
  });
}

/** A series' name, made of its labels as Grafana does: a label that is not there is empty. */
export function legendOf(format: string, labels: Readonly<Record<string, string>>): string {
  return format.replaceAll(/\{\{\s*(\w+)\s*\}\}/gu, (_, label: string) => labels[label] ?? '');
}

/** The labels that a legend or a text names. */
export function labelsInLegend(format: string): string[] {
  return [...format.matchAll(/\{\{\s*(\w+)\s*\}\}/gu)].flatMap(([, label]) => label ?? []);
}
