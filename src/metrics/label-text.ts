import type { ContainerSample } from '../model/sample.js';

/** UTF-8 takes at most so many bytes for what a JavaScript string counts as one. */
const MAXIMUM_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** Which of a container's own labels are exported, and how long a label's value may be. */
export interface LabelPolicy {
  readonly exports: (label: string) => boolean;
  /** In bytes of UTF-8; the rest of a longer value is cut off. What identifies the container is never cut. */
  readonly maximumLength: number;
}

/** `name="value"` pairs joined by commas. Pairs with an empty value are left out: to Prometheus they are the same. */
export function labelPairs(pairs: Iterable<readonly [name: string, value: string]>): string {
  const written = [];
  for (const [name, value] of pairs) if (value !== '') written.push(`${name}="${escapeLabelValue(value)}"`);
  return written.join(',');
}

/** The labels that every series of a container has, with cAdvisor's names: `id`, `name`, `image`, `container_label_…`. */
export function containerLabels(sample: ContainerSample, policy: LabelPolicy): string {
  const { container, cgroupPath } = sample;
  const pairs = new Map([['id', cgroupPath]]);
  if (container !== undefined) {
    pairs.set('image', container.image).set('name', container.name);
    for (const [label, value] of container.labels) {
      const name = `container_label_${label.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`;
      // Two labels may become one name; a series must not have it twice.
      if (policy.exports(label) && !pairs.has(name)) pairs.set(name, cut(value, policy.maximumLength));
    }
  }
  return labelPairs(pairs);
}

/** Both formats escape the same three characters. */
function escapeLabelValue(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}

/** Cuts between characters. */
function cut(value: string, maximumBytes: number): string {
  if (value.length * MAXIMUM_BYTES_PER_UNIT <= maximumBytes) return value;
  const { read } = encoder.encodeInto(value, new Uint8Array(maximumBytes));
  return value.slice(0, read);
}
