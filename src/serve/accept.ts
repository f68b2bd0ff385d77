import { CONTENT_TYPES, type ExpositionFormat } from '../metrics/exposition.js';
import { parseWeightedList, type WeightedItem } from './weighted-list.js';

/** The format of an answer and what its `Content-Type` header says. */
export interface NegotiatedFormat {
  readonly format: ExpositionFormat;
  readonly contentType: string;
}

const TEXT: NegotiatedFormat = { format: 'text', contentType: CONTENT_TYPES.text };
const OPENMETRICS: NegotiatedFormat = { format: 'openmetrics', contentType: CONTENT_TYPES.openmetrics };
const OPENMETRICS_DRAFT: NegotiatedFormat = {
  format: 'openmetrics',
  contentType: CONTENT_TYPES.openmetrics.replace('version=1.0.0', 'version=0.0.1'),
};

/** What each `version` parameter of a media type gets; another version is one we do not speak. */
const OFFERS: ReadonlyMap<string, ReadonlyMap<string, NegotiatedFormat>> = new Map([
  [
    'application/openmetrics-text',
    new Map([
      ['', OPENMETRICS],
      ['1.0.0', OPENMETRICS],
      ['0.0.1', OPENMETRICS_DRAFT],
    ]),
  ],
  [
    'text/plain',
    new Map([
      ['', TEXT],
      ['0.0.4', TEXT],
      ['1.0.0', TEXT],
    ]),
  ],
  ['text/*', new Map([['', TEXT]])],
  ['*/*', new Map([['', TEXT]])],
]);

/**
 * Chooses the format for an `Accept` header: the one of highest weight, a named type before a wildcard, then the
 * first. OpenMetrics is only for those who name it. `escaping` and `charset` parameters change nothing.
 * Whoever accepts nothing we have gets the text format, as from every Prometheus client library.
 */
export function negotiateFormat(accept: string | undefined): NegotiatedFormat {
  let best: WeightedItem | undefined;
  for (const item of parseWeightedList(accept)) {
    if (item.weight > 0 && offerFor(item) !== undefined && isBetter(item, best)) best = item;
  }
  return (best && offerFor(best)) ?? TEXT;
}

function offerFor(item: WeightedItem): NegotiatedFormat | undefined {
  return OFFERS.get(item.value)?.get(item.parameters.get('version') ?? '');
}

function isBetter(item: WeightedItem, best: WeightedItem | undefined): boolean {
  if (best === undefined) return true;
  if (item.weight !== best.weight) return item.weight > best.weight;
  return best.value.endsWith('*') && !item.value.endsWith('*');
}
