/** One entry of an `Accept` or `Accept-Encoding` header. */
export interface WeightedItem {
  /** In lower case, without parameters. */
  readonly value: string;
  /** Names in lower case, values unquoted; `q` is not among them. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The quality, 0 (refused) to 1. */
  readonly weight: number;
}

const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** Reads a comma-separated list with `q` weights (RFC 9110, section 12.4.2). An entry whose weight is not one is left out. */
export function parseWeightedList(header: string | undefined): WeightedItem[] {
  return (header ?? '').split(',').flatMap(parseItem);
}

function parseItem(text: string): WeightedItem[] {
  const [value = '', ...rest] = text.split(';').map(part => part.trim());
  const parameters = new Map(rest.map(parseParameter));
  const weight = parameters.get('q') ?? '1';
  parameters.delete('q');
  if (value === '' || !WEIGHT.test(weight)) return [];
  return [{ value: value.toLowerCase(), parameters, weight: Number(weight) }];
}

function parseParameter(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [
    name.trim().toLowerCase(),
    value
      .join('=')
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  ];
}
