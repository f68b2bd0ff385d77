import { createHash } from 'node:crypto';

/** A counter's line grows by its value so far in as much time as this. */
const DOUBLING_SECONDS = 3600;
/** An image has the same id everywhere. */
const ID = /(?<!sha256:)[0-9a-f]{64}/gu;
/** Gauges of what is in use in bytes, which comes in pages. */
const BYTES_IN_USE = /_bytes$|^container_memory_(?:cache|rss|swap|mapped_file|kernel_usage)$/u;
const BYTES_FIXED = /_(?:spec|max|limit|virtual)_|^machine_/u;
const PAGE_BYTES = 4096;
/** By how much of itself such a gauge rises and falls, and how fast. */
const WAVE = 0.01;
const WAVE_SECONDS = 17;

/** A part of a scrape that is the same for all hosts, a container's id, or a value that moves. */
type Part = string | { readonly id: string } | { readonly counter: number } | { readonly bytes: number };

/** One recorded scrape, from which the scrapes of any number of hosts like it are made. */
export class ScrapeTemplate {
  readonly series: number;
  readonly #parts: readonly Part[];

  /** `text` is in Prometheus' text format. */
  constructor(text: string) {
    const parts: Part[] = [];
    let [name, type] = ['', ''];
    let series = 0;
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('# TYPE ')) [, , name = '', type = ''] = line.split(' ');
      const isSample = line !== '' && !line.startsWith('#');
      if (isSample) series += 1;
      addLine(parts, line, isSample ? motionOf(name, type) : undefined);
    }
    this.#parts = joined(parts);
    this.series = series;
  }

  /** The scrape of the host of this number so long after the beginning: ids of its own, counters that have grown, and memory that wavers. */
  textOf(host: number, elapsedSeconds: number): string {
    const ids = new Map<string, string>();
    const growth = 1 + elapsedSeconds / DOUBLING_SECONDS;
    let text = '';
    for (const [index, part] of this.#parts.entries()) {
      if (typeof part === 'string') text += part;
      else if ('counter' in part) text += grown(part.counter, growth);
      else if ('bytes' in part) text += wavering(part.bytes, elapsedSeconds / WAVE_SECONDS + host + index);
      else {
        let id = ids.get(part.id);
        if (id === undefined) ids.set(part.id, (id = idOf(host, part.id)));
        text += id;
      }
    }
    return text;
  }
}

type Motion = 'counter' | 'bytes' | undefined;

/** How the values of a metric of this name and type move. */
function motionOf(name: string, type: string): Motion {
  if (type === 'counter') return 'counter';
  return BYTES_IN_USE.test(name) && !BYTES_FIXED.test(name) ? 'bytes' : undefined;
}

function addLine(parts: Part[], line: string, motion: Motion): void {
  const valueAt = line.lastIndexOf(' ') + 1;
  const labels = motion === undefined ? line : line.slice(0, valueAt);
  let end = 0;
  for (const match of labels.matchAll(ID)) {
    parts.push(labels.slice(end, match.index), { id: match[0] });
    end = match.index + match[0].length;
  }
  parts.push(labels.slice(end));
  const value = Number(line.slice(valueAt));
  if (motion === 'counter') parts.push({ counter: value });
  if (motion === 'bytes') parts.push({ bytes: value });
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

function wavering(bytes: number, angle: number): string {
  return String(Math.round((bytes * (1 + WAVE * Math.sin(angle))) / PAGE_BYTES) * PAGE_BYTES);
}

/** Of another host, the container with this id has another one, always the same. */
function idOf(host: number, id: string): string {
  return createHash('sha256').update(`${host} ${id}`).digest('hex');
}
