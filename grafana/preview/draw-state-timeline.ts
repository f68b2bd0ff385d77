import type { Answer, View } from './answers.js';
import type { Panel } from './dashboard-file.js';
import { colourOf, rectangle, text, type Box } from './svg.js';
import { shown } from './value-text.js';

const LINE = 22;
const NAMES = 160;

/** A line for each series, coloured by its values, as many as there is room for. */
export function drawStateTimeline(panel: Panel, answers: readonly Answer[], box: Box, view: View): string {
  const config = panel.fieldConfig?.defaults ?? {};
  const room = box.width - NAMES;
  const step = (room * view.stepSeconds) / view.rangeSeconds;
  return answers
    .slice(0, Math.floor(box.height / LINE))
    .map(({ name, points }, index) => {
      const y = box.y + index * LINE;
      const cells = points.map(([at, value]) => {
        const x = box.x + NAMES + room * (1 - (view.endSeconds - at) / view.rangeSeconds) - step;
        const colour = colourOf(shown(value, config, view.endSeconds).colour);
        return rectangle({ x, y: y + 2, width: step + 0.5, height: LINE - 4 }, colour);
      });
      return text(name, box.x, y + 15, { width: NAMES - 10 }) + cells.join('');
    })
    .join('');
}
