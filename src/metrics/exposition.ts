/** The two text formats Prometheus scrapes. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** What the `Content-Type` header of each format says. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};
