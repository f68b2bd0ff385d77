import type { Answer } from './answers.js';
import type { Panel } from './dashboard-file.js';
import { colourOf, text, type Box } from './svg.js';
import { shown } from './value-text.js';

/** Large values beside each other. */
export function drawStat(panel: Panel, answers: readonly Answer[], box: Box, nowSeconds: number): string {
  const config = panel.fieldConfig?.defaults ?? {};
  const width = box.width / answers.length;
  return answers
    .map(({ name, points }, index) => {
      const value = shown(points.at(-1)?.[1] ?? Number.NaN, config, nowSeconds);
      const content = panel.options?.textMode === 'name' ? name : value.text;
      const size = Math.max(12, Math.min(30, (width - 12) / (content.length * 0.58)));
      const x = box.x + width * (index + 0.5);
      const colour = colourOf(value.colour);
      return text(content, x, box.y + box.height / 2 + size / 3, { size, anchor: 'middle', colour, width });
    })
    .join('');
}
