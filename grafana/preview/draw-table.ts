import type { Answer } from './answers.js';
import type { Panel } from './dashboard-file.js';
import { colourOf, rectangle, text, THEME, type Box } from './svg.js';
import { tableRows, type TableColumn } from './table-rows.js';
import { mappedTo, shown } from './value-text.js';

const LINE = 24;

/** As many rows as there is room for, and how many there are more. */
export function drawTable(panel: Panel, answers: readonly Answer[], box: Box, nowSeconds: number): string {
  const { columns, rows } = tableRows(panel, answers);
  const fits = Math.floor(box.height / LINE) - 1;
  const left = rows.length - fits;
  const widths = widthsOf(columns, box.width);
  const cells = (row: readonly (string | number | undefined)[], y: number): string => {
    let x = box.x;
    return columns
      .map((column, index) => {
        const width = widths[index] ?? 0;
        const cell = drawCell(column, row[index], { x, y, width, height: LINE }, nowSeconds);
        x += width;
        return cell;
      })
      .join('');
  };
  const head = columns.map((column, index) => {
    const x = box.x + widths.slice(0, index).reduce((sum, width) => sum + width, 0);
    return drawTitle(column.title, x + 4, box.y + 6, (widths[index] ?? 0) - 6);
  });
  const shownRows = rows.slice(0, left > 0 ? fits - 1 : fits);
  const more =
    left > 0
      ? text(`and ${left + 1} more`, box.x + 4, box.y + fits * LINE + 16, { colour: THEME.faint })
      : '';
  return [...head, ...shownRows.map((row, index) => cells(row, box.y + (index + 1) * LINE)), more].join('');
}

/** On two lines where one is too short. */
function drawTitle(title: string, x: number, y: number, width: number): string {
  const options = { size: 10.5, colour: THEME.faint, width };
  const space = title.length * 6 > width ? title.indexOf(' ') : -1;
  if (space < 0) return text(title, x, y + 10, options);
  return text(title.slice(0, space), x, y + 3, options) + text(title.slice(space + 1), x, y + 15, options);
}

function drawCell(
  { config, colour }: TableColumn,
  value: string | number | undefined,
  cell: Box,
  nowSeconds: number,
): string {
  if (value === undefined) return '';
  const at = [cell.x + 4, cell.y + 16] as const;
  const width = cell.width - 6;
  const result =
    typeof value === 'string'
      ? { text: value, colour: mappedTo(value, config)?.color }
      : shown(value, config, nowSeconds);
  if (colour === undefined) return text(result.text, ...at, { width });
  if (colour === 'text') return text(result.text, ...at, { width, colour: colourOf(result.colour) });
  const { x, y, height } = cell;
  return (
    rectangle({ x: x + 1, y: y + 1, width: cell.width - 2, height: height - 2 }, colourOf(result.colour)) +
    text(result.text, ...at, { width, colour: THEME.page })
  );
}

/** Columns without a width of their own share what the others leave. */
function widthsOf(columns: readonly TableColumn[], total: number): number[] {
  const fixed = columns.reduce((sum, { width = 0 }) => sum + width, 0);
  const free = columns.filter(({ width }) => width === undefined).length;
  if (free === 0) return columns.map(({ width = 0 }) => (width * total) / fixed);
  return columns.map(({ width }) => width ?? (total - fixed) / free);
}
