import {
  BarGaugeDisplayMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import { COLOURS, steps } from './field.js';
import { described, now, type SeriesOptions } from './panel.js';

/** One horizontal bar for each series, of now. */
export function barGauge(options: SeriesOptions): PanelBuilder {
  return described(new PanelBuilder(), { thresholds: steps(COLOURS.notice), ...options }, 8)
    .targets(now(options.queries))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .min(0)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
}
