import { stepOf, type Answer, type View } from './answers.js';
import type { FieldConfig, Override, Panel } from './dashboard-file.js';
import { line, rectangle, seriesColour, text, THEME, type Box } from './svg.js';
import { withUnit } from './value-text.js';

const LEGEND_LINE = 18;
const AXIS_WIDTH = 62;

/** A series with the values as they are drawn: below the axis, or on top of those before it. */
interface Drawn {
  readonly name: string;
  readonly colour: string;
  readonly limit: boolean;
  readonly values: ReadonlyMap<number, number>;
  readonly drawn: ReadonlyMap<number, number>;
  /** Where a bar begins. */
  readonly from: ReadonlyMap<number, number>;
}

/** Lines or bars over time, and a legend with the last value of each. */
export function drawTimeSeries(panel: Panel, answers: readonly Answer[], box: Box, view: View): string {
  const config = panel.fieldConfig?.defaults ?? {};
  const series = drawnSeries(config, panel.fieldConfig?.overrides ?? [], answers);
  const legendLines = Math.min(series.length, Math.max(2, Math.floor((box.height * 0.4) / LEGEND_LINE)));
  const plot = {
    x: box.x + AXIS_WIDTH,
    y: box.y + 6,
    width: box.width - AXIS_WIDTH - 8,
    height: box.height - legendLines * LEGEND_LINE - 34,
  };
  const all = series.flatMap(({ drawn }) => [...drawn.values()]);
  const top = Math.max(config.max ?? 0, ...all) || 1;
  const bottom = Math.min(0, ...all);
  const x = (seconds: number): number =>
    plot.x + plot.width * (1 - (view.endSeconds - seconds) / view.rangeSeconds);
  const y = (value: number): number => plot.y + plot.height * (1 - (value - bottom) / (top - bottom));
  const isBars = config.custom?.drawStyle === 'bars';
  const width = Math.max(1.5, (plot.width * stepOf(panel, view)) / view.rangeSeconds - 2);
  const marks = series.map(({ colour, limit, drawn, from }) => {
    const points = [...drawn].map(([at, value]) => [x(at), y(value)] as const);
    if (!isBars) return line(points, colour, limit);
    return [...drawn]
      .filter(([at, value]) => value !== (from.get(at) ?? 0))
      .map(([at, value]) => {
        const start = y(from.get(at) ?? 0);
        const left = x(at) - width / 2;
        const clipped = Math.min(width, plot.x + plot.width - left);
        return rectangle({ x: left, y: y(value), width: clipped, height: start - y(value) }, colour);
      })
      .join('');
  });
  return [
    axes(plot, { bottom, top }, config, view),
    ...marks,
    legend(byLast(series).slice(0, legendLines), series.length, config, {
      ...box,
      y: plot.y + plot.height + 40,
    }),
  ].join('');
}

function drawnSeries(
  config: FieldConfig,
  overrides: readonly Override[],
  answers: readonly Answer[],
): Drawn[] {
  const has = (name: string, property: string): boolean =>
    overrides.some(
      ({ matcher, properties }) =>
        new RegExp(`^(?:${matcher.options})$`, 'u').test(name) &&
        properties.some(({ id }) => id === property),
    );
  const isStacked = config.custom?.stacking?.mode === 'normal';
  const stack = new Map<number, number>();
  return answers.map(({ name, points }, index) => {
    const limit = has(name, 'custom.lineStyle');
    const sign = has(name, 'custom.transform') ? -1 : 1;
    const from = new Map<number, number>();
    const drawn = new Map<number, number>();
    for (const [at, value] of points) {
      if (!Number.isFinite(value)) continue;
      const base = isStacked && !limit ? (stack.get(at) ?? 0) : 0;
      from.set(at, base);
      drawn.set(at, base + sign * value);
      if (isStacked && !limit) stack.set(at, base + value);
    }
    return {
      name,
      limit,
      colour: limit ? '#f2495c' : seriesColour(index),
      values: new Map(points),
      drawn,
      from,
    };
  });
}

/** As Grafana sorts its legend: the largest last value first. */
function byLast(series: readonly Drawn[]): Drawn[] {
  return series.toSorted((a, b) => lastOf(b) - lastOf(a));
}

function lastOf({ values }: Drawn): number {
  return [...values.values()].at(-1) ?? Number.NaN;
}

function axes(
  plot: Box,
  { bottom, top }: { bottom: number; top: number },
  config: FieldConfig,
  view: View,
): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(share => {
    const y = plot.y + plot.height * (1 - share);
    const value = bottom + (top - bottom) * share;
    const label = withUnit(Math.abs(Number(value.toPrecision(3))), config, view.endSeconds);
    return (
      line(
        [
          [plot.x, y],
          [plot.x + plot.width, y],
        ],
        THEME.border,
      ) + text(label, plot.x - 6, y + 4, { size: 10, anchor: 'end', colour: THEME.faint })
    );
  });
  const times = [0, 0.5, 1].map(share => {
    const minutes = Math.round((view.rangeSeconds * (1 - share)) / 60);
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    const label = share === 1 ? 'now' : `${minutes} min ago`;
    return text(label, plot.x + plot.width * share, plot.y + plot.height + 16, {
      size: 10,
      anchor,
      colour: THEME.faint,
    });
  });
  return [...ticks, ...times].join('');
}

function legend(shown: readonly Drawn[], total: number, config: FieldConfig, box: Box): string {
  return shown
    .map((series, index) => {
      const { name, colour } = series;
      const y = box.y + index * LEGEND_LINE;
      const isLast = index === shown.length - 1 && total > shown.length;
      if (isLast) return text(`and ${total - index} more`, box.x + 18, y, { size: 11, colour: THEME.faint });
      const last = withUnit(lastOf(series), config, 0);
      return [
        rectangle({ x: box.x, y: y - 6, width: 12, height: 3 }, colour),
        text(name, box.x + 18, y, { size: 11, width: box.width - 120 }),
        text(last, box.x + box.width - 8, y, { size: 11, anchor: 'end' }),
      ].join('');
    })
    .join('');
}
