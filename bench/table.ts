/** One line of the result. */
export interface Figure {
  readonly what: string;
  /** Of how many containers or hosts. */
  readonly count?: number;
  readonly value: number;
  readonly unit: string;
  /** The most that performance aims at. */
  readonly target?: number;
  readonly note?: string;
}

const RIGHT_ALIGNED = new Set([1, 2, 3, 4]);

/** The figures as a table for people; `counted` says what there are so many of. */
export function tableText(figures: readonly Figure[], counted = 'containers'): string {
  const headings = ['figure', counted, 'measured', 'target', 'ratio', '', ''];
  const rows = [headings, ...figures.map(row)];
  const widths = headings.map((_, column) => Math.max(...rows.map(cells => cells[column]?.length ?? 0)));
  return rows
    .map(cells =>
      cells
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return RIGHT_ALIGNED.has(column) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ what, count, value, unit, target, note = '' }: Figure): string[] {
  const ratio = target === undefined ? undefined : value / target;
  return [
    what,
    count === undefined ? '' : String(count),
    `${digits(value)} ${unit}`,
    target === undefined ? '' : `${digits(target)} ${unit}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    ratio === undefined ? '' : ratio <= 1 ? 'PASS' : 'over',
    note,
  ];
}

/** Three significant digits, and whole numbers in full. */
function digits(value: number): string {
  if (Number.isInteger(value) || value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
