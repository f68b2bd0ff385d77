import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { steps, COLOURS } from './field.js';
import { described, now, type SeriesOptions } from './panel.js';

export interface StatOptions extends SeriesOptions {
  /** What of a series is written: its value (the default), its name, or both. */
  readonly text?: 'value' | 'name' | 'value_and_name';
}

/** Large values, of now. */
export function stat(options: StatOptions): PanelBuilder {
  const panel = described(new PanelBuilder(), { thresholds: steps(COLOURS.notice), ...options }, 4)
    .targets(now(options.queries))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
  if (options.text === 'name') panel.textMode(BigValueTextMode.Name);
  else if (options.text === 'value_and_name') panel.textMode(BigValueTextMode.ValueAndName);
  else panel.textMode(BigValueTextMode.Value);
  return panel;
}
