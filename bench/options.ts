/** What a run of the benchmark is asked to do. */
export interface BenchOptions {
  readonly containers: readonly number[];
  readonly parts: ReadonlySet<Part>;
  readonly load: Load;
  readonly json: boolean;
}

const LOADS = ['idle', 'light'] as const;
/** What the processes of the containers do: nothing, or a little every second, so that their numbers change. */
export type Load = (typeof LOADS)[number];

const PARTS = ['poll', 'render', 'daemon', 'posture'] as const;
export type Part = (typeof PARTS)[number];

export const USAGE = `usage: npm run bench -- [--containers=10,100,1000] [--part=${PARTS.join(',')}] [--load=${LOADS.join('|')}] [--json]`;

/** Reads the command line; answers a message where it has a mistake. */
export function parseOptions(argv: readonly string[]): BenchOptions | string {
  let containers = [10, 100, 1000];
  let parts: Part[] = [...PARTS];
  let load: Load | undefined = 'idle';
  let json = false;
  for (const argument of argv) {
    const [name, value = ''] = argument.split('=', 2);
    if (name === '--containers') containers = value.split(',').map(Number);
    else if (name === '--part') parts = PARTS.filter(part => value.split(',').includes(part));
    else if (name === '--load') load = LOADS.find(one => one === value);
    else if (argument === '--json') json = true;
    else return `unknown argument '${argument}'\n${USAGE}`;
  }
  if (!containers.every(count => Number.isInteger(count) && count > 0 && count <= 10_000))
    return `--containers takes numbers from 1 to 10000, separated by commas\n${USAGE}`;
  if (parts.length === 0) return `--part takes one or more of ${PARTS.join(', ')}\n${USAGE}`;
  if (load === undefined) return `--load takes one of ${LOADS.join(', ')}\n${USAGE}`;
  return { containers, parts: new Set(parts), load, json };
}
