import type { DashboardFile, Panel } from './dashboard-file.js';
import { interpolate, legendOf, type Intervals } from './interpolate.js';

/** A series that answers a panel's query. */
export interface Answer {
  readonly refId: string;
  /** What the panel calls it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time and value; one for a query of now. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** Asks a Prometheus: a path below `/api/v1/`, answers `data`. */
export type Ask = (path: string) => Promise<unknown>;

/** What a dashboard is looked at with. */
export interface View extends Intervals {
  readonly endSeconds: number;
  /** Values of variables; "All" for those that are not named. */
  readonly values: Readonly<Record<string, string>>;
}

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** Asks all queries of a panel, as Grafana would. Throws what Prometheus says of a query that it does not take. */
export async function answersOf(
  panel: Panel,
  dashboard: DashboardFile,
  view: View,
  ask: Ask,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const intervals = { ...view, stepSeconds: stepOf(panel, view) };
  for (const { refId, expr, legendFormat, range = false } of panel.targets ?? []) {
    const query = interpolate(expr, dashboard, view.values, intervals);
    const { result } = (await ask(range ? overTime(query, intervals) : ofNow(query, view))) as {
      result: readonly Result[];
    };
    for (const { metric, value, values } of result)
      answers.push({
        refId,
        name: legendOf(legendFormat, metric),
        labels: metric,
        points: (values ?? (value === undefined ? [] : [value])).map(([at, text]) => [at, Number(text)]),
      });
  }
  return answers;
}

/** From one point to the next: what the view asks for, but not less than the panel's shortest. */
export function stepOf({ interval = '' }: Panel, { stepSeconds }: View): number {
  const minutes = /^(\d+)m$/u.exec(interval)?.[1] ?? '0';
  return Math.max(stepSeconds, Number(minutes) * 60);
}

function ofNow(query: string, { endSeconds }: View): string {
  return `query?query=${encodeURIComponent(query)}&time=${endSeconds}`;
}

/** The path of a query over the time that the view shows. */
export function overTime(query: string, { endSeconds, rangeSeconds, stepSeconds }: View): string {
  const start = endSeconds - rangeSeconds;
  return `query_range?query=${encodeURIComponent(query)}&start=${start}&end=${endSeconds}&step=${stepSeconds}`;
}
