/** Colours of Grafana's dark theme. */
export const THEME = {
  page: '#111217',
  panel: '#181b1f',
  border: '#2a2d33',
  text: '#ccccdc',
  faint: '#8e8e9b',
} as const;

const NAMED: Readonly<Record<string, string>> = {
  green: '#73bf69',
  blue: '#5794f2',
  orange: '#ff9830',
  red: '#f2495c',
  purple: '#b877d9',
};

/** Of series that have no colour of their own, one after the other. */
const PALETTE = [
  '#73bf69',
  '#f2cc0c',
  '#5794f2',
  '#ff9830',
  '#f2495c',
  '#b877d9',
  '#8ab8ff',
  '#96d98d',
  '#ffee52',
  '#ff7383',
];

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextOptions {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** In pixels; what is longer is cut. */
  readonly width?: number;
}

/** The colour that Grafana's name stands for. */
export function colourOf(name: string | undefined): string {
  return NAMED[name ?? ''] ?? THEME.text;
}

/** The colour of the series with this number. */
export function seriesColour(index: number): string {
  return PALETTE[index % PALETTE.length] ?? THEME.text;
}

export function rectangle({ x, y, width, height }: Box, fill: string, stroke?: string): string {
  const line = stroke === undefined ? '' : ` stroke="${stroke}"`;
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="2" fill="${fill}"${line}/>`;
}

export function line(points: readonly (readonly [number, number])[], stroke: string, dashed = false): string {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  const dash = dashed ? ' stroke-dasharray="6 4"' : '';
  return `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="1.3"${dash}/>`;
}

/** Text whose baseline begins, is centred or ends at the point. */
export function text(content: string, x: number, y: number, options: TextOptions = {}): string {
  const { size = 12, colour = THEME.text, anchor = 'start', bold = false, width } = options;
  // Letters are about this wide; names come from containers and may be as long as they like.
  const fits = width === undefined ? Infinity : Math.max(1, Math.floor(width / (size * 0.56)));
  const cut = content.length > fits ? `${content.slice(0, fits - 1)}…` : content;
  const weight = bold ? ' font-weight="500"' : '';
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}"${at}${weight}>${escaped(cut)}</text>`;
}

function escaped(content: string): string {
  // Characters that XML does not have, and others that nobody sees.
  const printable = content.replaceAll(/\p{Cc}|\p{Cs}|\p{Cn}/gu, '�');
  return printable.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
