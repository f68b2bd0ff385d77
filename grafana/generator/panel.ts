import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type {
  DashboardLink,
  ThresholdsConfig,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATASOURCE } from './variables.js';

/** What every panel has to say. */
export interface PanelOptions {
  readonly title: string;
  /** What is shown, what is good and what is not; where the values come from, if that is not plain. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  /** Of the 24 columns of the grid. */
  readonly span: number;
  /** In rows of the grid, 30 pixels each. */
  readonly height?: number;
  /** What stands there when a healthy host has nothing to show. Without it, the panel is never empty on one. */
  readonly noValue?: string;
  readonly decimals?: number;
  readonly mappings?: ValueMapping[];
  readonly thresholds?: Builder<ThresholdsConfig>;
  readonly links?: Builder<DashboardLink>[];
}

/** A query over time, with what its series are called. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A panel that shows series by their names. */
export interface SeriesOptions extends PanelOptions {
  readonly queries: readonly Query[];
}

/** The methods that the builders of all kinds of panels share. */
interface PanelBuilder {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  unit(unit: string): this;
  span(span: number): this;
  height(height: number): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  links(links: Builder<DashboardLink>[]): this;
  targets(targets: Builder<Dataquery>[]): this;
}

/** Says what all panels say. */
export function described<Panel extends PanelBuilder>(
  panel: Panel,
  options: PanelOptions,
  height: number,
): Panel {
  panel
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .span(options.span)
    .height(options.height ?? height);
  if (options.noValue !== undefined) panel.noValue(options.noValue);
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  if (options.mappings !== undefined) panel.mappings(options.mappings);
  if (options.thresholds !== undefined) panel.thresholds(options.thresholds);
  if (options.links !== undefined) panel.links(options.links);
  return panel;
}

/** Queries over the time range of the dashboard. */
export function overTime(queries: readonly Query[]): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) =>
    new DataqueryBuilder().expr(expr).legendFormat(legend).range().datasource(DATASOURCE).refId(refId(index)),
  );
}

/** Queries for the values at the end of the time range. */
export function now(queries: readonly Query[], format = PromQueryFormat.TimeSeries): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) =>
    new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .instant()
      .format(format)
      .datasource(DATASOURCE)
      .refId(refId(index)),
  );
}

/** `A`, `B` and so on: how transformations and fields name a query. */
export function refId(index: number): string {
  return String.fromCodePoint(65 + index);
}
