import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { described, overTime, type SeriesOptions } from './panel.js';

export interface TimeSeriesOptions extends SeriesOptions {
  /** Lines by default; bars are for events, which have no value in between. */
  readonly style?: 'lines' | 'stacked' | 'bars';
  readonly max?: number;
  /** Series whose name matches are drawn below the axis. */
  readonly below?: string;
  /** Series whose name matches are limits: dashed, without a filling. */
  readonly limit?: string;
}

/** Values over time. */
export function timeSeries(options: TimeSeriesOptions): PanelBuilder {
  const panel = described(new PanelBuilder(), options, 8)
    .targets(overTime(options.queries))
    .lineWidth(1)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max'])
        .sortBy('Last *')
        .sortDesc(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (options.below === undefined) panel.min(0);
  if (options.max !== undefined) panel.max(options.max);
  if (options.style === 'stacked') stacked(panel, 40);
  // Not much shorter than what a query looks back over, or else one event is drawn several times.
  if (options.style === 'bars') stacked(panel.drawStyle(GraphDrawStyle.Bars).interval('1m'), 80);
  if (options.below !== undefined)
    panel
      .axisCenteredZero(true)
      .overrideByRegexp(options.below, [{ id: 'custom.transform', value: 'negative-Y' }]);
  if (options.limit !== undefined)
    panel.overrideByRegexp(options.limit, [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none', group: 'limit' } },
      { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
    ]);
  return panel;
}

function stacked(panel: PanelBuilder, fillOpacity: number): void {
  panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A')).fillOpacity(fillOpacity);
}
