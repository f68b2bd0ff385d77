import type { Answer, View } from './answers.js';
import type { DashboardFile, Panel } from './dashboard-file.js';
import { drawBarGauge } from './draw-bar-gauge.js';
import { drawStat } from './draw-stat.js';
import { drawStateTimeline } from './draw-state-timeline.js';
import { drawTable } from './draw-table.js';
import { drawTimeSeries } from './draw-time-series.js';
import { rectangle, text, THEME, type Box } from './svg.js';

const COLUMN = 54;
const LINE = 32;
const MARGIN = 12;
const HEADER = 48;

/** A picture of a dashboard's content, as SVG: no screenshot of Grafana, but the same panels with the same answers. */
export function drawDashboard(
  dashboard: DashboardFile,
  answers: ReadonlyMap<number, readonly Answer[]>,
  view: View,
): string {
  const lines = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const width = 24 * COLUMN + 2 * MARGIN;
  const height = HEADER + lines * LINE + MARGIN;
  const panels = dashboard.panels.map(panel => drawPanel(panel, answers.get(panel.id) ?? [], view));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif">`,
    rectangle({ x: 0, y: 0, width, height }, THEME.page),
    text(dashboard.title, MARGIN + 4, 32, { size: 20 }),
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function drawPanel(panel: Panel, answers: readonly Answer[], view: View): string {
  const { x, y, w, h } = panel.gridPos;
  const box = {
    x: MARGIN + x * COLUMN + 3,
    y: HEADER + y * LINE + 3,
    width: w * COLUMN - 6,
    height: h * LINE - 6,
  };
  if (panel.type === 'row') return text(`⌄ ${panel.title}`, box.x + 2, box.y + 19, { size: 14, bold: true });
  const inner = { x: box.x + 8, y: box.y + 32, width: box.width - 16, height: box.height - 38 };
  return [
    rectangle(box, THEME.panel, THEME.border),
    text(panel.title, box.x + 8, box.y + 20, { size: 13, bold: true, width: box.width - 16 }),
    drawContent(panel, answers, inner, view),
  ].join('');
}

function drawContent(panel: Panel, answers: readonly Answer[], box: Box, view: View): string {
  if (answers.length === 0) {
    const content = panel.fieldConfig?.defaults.noValue ?? 'No data';
    const at = [box.x + box.width / 2, box.y + box.height / 2 + 5] as const;
    return text(content, ...at, { anchor: 'middle', colour: THEME.faint, width: box.width });
  }
  switch (panel.type) {
    case 'stat':
      return drawStat(panel, answers, box, view.endSeconds);
    case 'bargauge':
      return drawBarGauge(panel, answers, box, view.endSeconds);
    case 'table':
      return drawTable(panel, answers, box, view.endSeconds);
    case 'timeseries':
      return drawTimeSeries(panel, answers, box, view);
    case 'state-timeline':
      return drawStateTimeline(panel, answers, box, view);
    default:
      throw new Error(`no drawing of panels of type ${panel.type}`);
  }
}
