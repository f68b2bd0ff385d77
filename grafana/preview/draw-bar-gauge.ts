import type { Answer } from './answers.js';
import type { Panel } from './dashboard-file.js';
import { colourOf, rectangle, text, THEME, type Box } from './svg.js';
import { shown } from './value-text.js';

const LINE = 24;

/** A bar for each series, as many as there is room for. */
export function drawBarGauge(panel: Panel, answers: readonly Answer[], box: Box, nowSeconds: number): string {
  const config = panel.fieldConfig?.defaults ?? {};
  const bars = answers
    .map(({ name, points }) => ({ name, value: points.at(-1)?.[1] ?? 0 }))
    .toSorted((a, b) => b.value - a.value)
    .slice(0, Math.floor(box.height / LINE));
  const largest = Math.max(...bars.map(({ value }) => value), 1);
  const names = box.width * 0.45;
  const room = box.width - names - 50;
  return bars
    .map(({ name, value }, index) => {
      const y = box.y + index * LINE;
      const { text: content, colour } = shown(value, config, nowSeconds);
      const bar = { x: box.x + names, y: y + 4, height: LINE - 8 };
      return [
        text(name, box.x, y + 16, { width: names - 8 }),
        rectangle({ ...bar, width: room }, THEME.border),
        rectangle({ ...bar, width: (room * value) / largest }, colourOf(colour)),
        text(content, box.x + box.width, y + 16, { anchor: 'end', colour: colourOf(colour) }),
      ].join('');
    })
    .join('');
}
