const BCRYPT = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/;
const MIN_COST = 4;
/** Beyond it, one check takes minutes. */
const MAX_COST = 18;
const DEFAULT_COST = '10';
/** Salt and digest of nobody's password. */
const DECOY = 'QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

/** What is wrong with a bcrypt hash (`$2a$`, `$2b$` or `$2y$`), and the fix; never the hash itself. */
export function passwordHashProblem(hash: string): string | undefined {
  const cost = Number(costOf(hash) ?? 0);
  if (cost > MAX_COST) return `the bcrypt cost ${cost} would take minutes per check: use 10 to 12`;
  if (cost >= MIN_COST) return undefined;
  return 'not a bcrypt hash: make one with htpasswd -nBC 10 "" | tr -d \':\\n\'';
}

/** A hash to compare for a user that does not exist; as costly as the costliest of those that do. */
export function decoyHash(hashes: Iterable<string>): string {
  const costs = [...hashes].flatMap(hash => costOf(hash) ?? []);
  return `$2b$${costs.sort().at(-1) ?? DEFAULT_COST}$${DECOY}`;
}

function costOf(hash: string): string | undefined {
  return BCRYPT.exec(hash)?.groups?.['cost'];
}
