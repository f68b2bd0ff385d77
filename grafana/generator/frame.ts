import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard,
  type Panel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { dashboardsMenu, TAG } from './links.js';
import { DATASOURCE } from './variables.js';

/** A heading and the panels below it, from left to right; their spans fill lines of 24 columns. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

/** Events that are marked in all graphs of a dashboard. */
export interface Events {
  readonly name: string;
  /** Above zero when something happened within the last two minutes. */
  readonly expr: string;
  readonly text: string;
  readonly colour: string;
}

export interface Frame {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: Builder<VariableModel>[];
  readonly events: readonly Events[];
  readonly rows: readonly Row[];
}

/** A dashboard as Grafana reads it from a file. */
export function dashboard({ uid, title, description, variables, events, rows }: Frame): Dashboard {
  const builder = new DashboardBuilder(`confined / ${title}`)
    .uid(uid)
    .description(description)
    .tags([TAG, 'containers', 'prometheus'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .refresh('30s')
    .variables(variables)
    .link(dashboardsMenu())
    .annotations(events.map(annotation));
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return numbered(builder.build());
}

function annotation({ name, expr, text, colour }: Events): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(expr)
    .step('60s')
    .titleFormat(name)
    .textFormat(text)
    .tagKeys('instance,name');
}

/** The builder leaves panels without the numbers by which Grafana tells them apart. */
function numbered(built: Dashboard): Dashboard {
  return { ...built, panels: built.panels?.map((panel, index) => ({ ...panel, id: index + 1 })) ?? [] };
}
