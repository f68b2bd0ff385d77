import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** The address of each dashboard within Grafana, which others link to. */
export const UIDS = {
  overview: 'confined-overview',
  container: 'confined-container',
  posture: 'confined-posture',
  fleet: 'confined-fleet',
  exporter: 'confined-exporter',
} as const;

/** All of them have it, and nothing else does. */
export const TAG = 'confined';

const RUNBOOKS = 'https://github.com/confined/confined/blob/main/docs/runbooks/';
const KEPT = '${__url_time_range}&${datasource:queryparam}';

/** A link of a cell or a series, as Grafana's field configuration has it. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
}

/** The menu of all dashboards, which keeps the time range and the variables that they share. */
export function dashboardsMenu(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Dashboards of confined')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

/** A panel's link to what an alert means and what to do about it. */
export function runbook(alert: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Runbook: ${alert}`)
    .type(DashboardLinkType.Link)
    .url(`${RUNBOOKS}${alert}.md`)
    .targetBlank(true);
}

/** From the row of an alert to its runbook; `field` is the column with the alert's name. */
export function runbookOfRow(field: string): DataLink {
  return { title: 'Runbook', url: `${RUNBOOKS}${cell(field)}.md`, targetBlank: true };
}

/** From the row of a container to everything about it; the columns are those of a table by container. */
export function containerOfRow(nameField: string, instanceField: string): DataLink {
  const variables = `var-instance=${cell(instanceField)}&var-container=${cell(nameField)}`;
  return { title: 'Everything about it', url: `/d/${UIDS.container}?${KEPT}&${variables}` };
}

/** From the row of a host to its containers. */
export function hostOfRow(instanceField: string): DataLink {
  return {
    title: 'Containers of this host',
    url: `/d/${UIDS.overview}?${KEPT}&var-instance=${cell(instanceField)}`,
  };
}

function cell(field: string): string {
  return '${__data.fields["' + field + '"]:percentencode}';
}
