import type { CST } from 'yaml';
import { yaml } from './yaml.js';

type Nested = CST.Token | CST.CollectionItem;

/**
 * Whether collections are nested more than `limit` deep. The first stage of the parser is a loop, so it can be asked
 * about text on which the second one, which is recursive, would end the process.
 */
export function isDeeperThan(limit: number, text: string): boolean {
  const waiting: { readonly token: Nested; readonly depth: number }[] = [];
  for (const token of new (yaml().Parser)().parse(text)) {
    waiting.push({ token, depth: 0 });
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const depth = next.depth + 1;
    if (depth > limit) {
      return true;
    }
    for (const token of tokensIn(next.token)) {
      waiting.push({ token, depth });
    }
  }
  return false;
}

function tokensIn(token: Nested): readonly Nested[] {
  const items = 'items' in token ? token.items : [];
  const key = 'key' in token ? token.key : undefined;
  const value = 'value' in token ? token.value : undefined;
  return [...items, key, value].filter(inner => inner !== undefined && inner !== null);
}
