/** Which collectors a scrape asks for; `undefined` is all of them. */
export type CollectorSelection =
  { readonly collectors: ReadonlySet<string> | undefined } | { readonly error: string };

const QUOTED_LENGTH = 60;

/**
 * Reads `collect[]=` and `exclude[]=` of a request's URL, as node_exporter does. Both at once, or a name that is
 * no collector, is an error to be shown to the client.
 */
export function selectCollectors(url: string, known: readonly string[]): CollectorSelection {
  const start = url.indexOf('?');
  if (start === -1) return { collectors: undefined };
  const query = new URLSearchParams(url.slice(start));
  const collect = query.getAll('collect[]');
  const exclude = query.getAll('exclude[]');
  if (collect.length === 0 && exclude.length === 0) return { collectors: undefined };
  if (collect.length > 0 && exclude.length > 0) {
    return { error: 'Combined collect[] and exclude[] queries are not allowed: use one of them.' };
  }
  const unknown = [...collect, ...exclude].find(name => !known.includes(name));
  if (unknown !== undefined) {
    const name = JSON.stringify(unknown.slice(0, QUOTED_LENGTH));
    return { error: `There is no collector ${name}: use ${known.join(', ')}.` };
  }
  return {
    collectors: new Set(collect.length > 0 ? collect : known.filter(name => !exclude.includes(name))),
  };
}
