/** One line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a scrape says, read line by line with nothing but the format's own definition in mind. */
export interface Exposition {
  readonly text: string;
  readonly series: readonly Series[];
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  /** The values of a metric's series that have at least these labels. */
  values(name: string, labels?: Readonly<Record<string, string>>): number[];
  /** The one value of such series; throws where there are none or several. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

/** Reads the text format 0.0.4 (prometheus.io, "Exposition formats"); throws on a line that is none of it. */
export function parseExposition(text: string): Exposition {
  const series: Series[] = [];
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'TYPE') types.set(name, rest);
    else if (kind === 'HELP') helps.set(name, rest);
    else if (line !== '' && !line.startsWith('#')) series.push(parseSeries(line));
  }
  const values: Exposition['values'] = (name, labels = {}) =>
    series
      .filter(
        one => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      )
      .map(one => one.value);
  return {
    text,
    series,
    types,
    helps,
    values,
    value(name, labels = {}) {
      const [first, ...others] = values(name, labels);
      if (first === undefined || others.length > 0)
        throw new Error(
          `${1 + others.length - Number(first === undefined)} series for ${name} ${JSON.stringify(labels)}`,
        );
      return first;
    },
  };
}

function parseSeries(line: string): Series {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
  if (match === null) throw new Error(`not a sample: ${line}`);
  const [, name = '', labelText = '', number = ''] = match;
  const labels: Record<string, string> = {};
  let rest = labelText;
  while (rest !== '') {
    const pair = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)",?/s.exec(rest);
    if (pair === null) throw new Error(`not a label: ${rest}`);
    const [whole, key = '', value = ''] = pair;
    if (key in labels) throw new Error(`label ${key} stands twice: ${line}`);
    labels[key] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: parseNumber(number) };
}

function parseNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (/^nan$/i.test(text)) return NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`not a number: ${text}`);
  return value;
}
