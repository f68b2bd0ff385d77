import { parseWeightedList } from './weighted-list.js';

/**
 * Whether an `Accept-Encoding` header asks for gzip at least as much as for the plain body (RFC 9110, section 12.5.3).
 * Without the header, or when everything is refused, the body goes out plain.
 */
export function prefersGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map(parseWeightedList(acceptEncoding).map(item => [item.value, item.weight]));
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0;
  return gzip > 0 && gzip >= (weights.get('identity') ?? 0);
}
