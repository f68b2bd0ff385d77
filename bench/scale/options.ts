import { parseArgs } from 'node:util';

export interface ScaleOptions {
  /** How many hosts, run by run. */
  readonly hosts: readonly number[];
  readonly intervalSeconds: number;
  readonly minutes: number;
  /** Whether to measure what each flag adds or saves. */
  readonly flags: boolean;
  /** Whether to measure what samples take on disk. */
  readonly storage: boolean;
  readonly json: boolean;
}

const USAGE =
  'usage: npm run scale -- [--hosts=10,100,1000] [--interval=15] [--minutes=5] [--flags] [--storage] [--json]';

/** Reads the command line; answers a message where it has a mistake. */
export function parseOptions(args: readonly string[]): ScaleOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        hosts: { type: 'string', default: '10,100,1000' },
        interval: { type: 'string', default: '15' },
        minutes: { type: 'string', default: '5' },
        flags: { type: 'boolean', default: false },
        storage: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const hosts = values.hosts.split(',').map(Number);
    const [intervalSeconds, minutes] = [Number(values.interval), Number(values.minutes)];
    if (!hosts.every(count => Number.isInteger(count) && count > 0))
      return `--hosts takes numbers from 1, separated by commas, not '${values.hosts}'\n${USAGE}`;
    if (!(intervalSeconds >= 1 && minutes > 0))
      return `--interval takes seconds from 1, --minutes more than 0\n${USAGE}`;
    const { flags, storage, json } = values;
    return { hosts, intervalSeconds, minutes, flags, storage, json };
  } catch (error) {
    return `${(error as Error).message}\n${USAGE}`;
  }
}
