import { createHash } from 'node:crypto';

/** A counter's line grows by its value so far in as much time as this. */
const DOUBLING_SECONDS = 3600;
const ID = /[0-9a-f]{64}/gu;

/** A part of a scrape that is the same for all hosts, a container's id, or the value of a counter. */
type Part = string | { readonly id: string } | { readonly counter: number };

/** One recorded scrape, from which the scrapes of any number of hosts like it are made. */
export class ScrapeTemplate {
  readonly series: number;
  readonly #parts: readonly Part[];

  /** `text` is in Prometheus' text format. */
  constructor(text: string) {
    const parts: Part[] = [];
    let type = '';
    let series = 0;
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('# TYPE ')) type = line.slice(line.lastIndexOf(' ') + 1);
      const isSample = line !== '' && !line.startsWith('#');
      if (isSample) series += 1;
      addLine(parts, line, isSample && type === 'counter');
    }
    this.#parts = joined(parts);
    this.series = series;
  }

  /** The scrape of the host of this number so long after the beginning: ids of its own, and counters that have grown. */
  textOf(host: number, elapsedSeconds: number): string {
    const ids = new Map<string, string>();
    const growth = 1 + elapsedSeconds / DOUBLING_SECONDS;
    let text = '';
    for (const part of this.#parts) {
      if (typeof part === 'string') text += part;
      else if ('counter' in part) text += grown(part.counter, growth);
      else {
        let id = ids.get(part.id);
        if (id === undefined) ids.set(part.id, (id = idOf(host, part.id)));
        text += id;
      }
    }
    return text;
  }
}

function addLine(parts: Part[], line: string, isCounter: boolean): void {
  const valueAt = line.lastIndexOf(' ') + 1;
  const labels = isCounter ? line.slice(0, valueAt) : line;
  let end = 0;
  for (const match of labels.matchAll(ID)) {
    parts.push(labels.slice(end, match.index), { id: match[0] });
    end = match.index + match[0].length;
  }
  parts.push(labels.slice(end));
  if (isCounter) parts.push({ counter: Number(line.slice(valueAt)) });
  parts.push('\n');
}

/** Neighbouring texts as one. */
function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

function grown(value: number, growth: number): string {
  const now = value * growth;
  return String(Number.isInteger(value) ? Math.floor(now) : now);
}

/** Of another host, the container with this id has another one, always the same. */
function idOf(host: number, id: string): string {
  return createHash('sha256').update(`${host} ${id}`).digest('hex');
}
