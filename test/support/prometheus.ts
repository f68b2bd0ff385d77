import { join } from 'node:path';
import type { Test } from 'tap';
import { stringify } from 'yaml';
import type { Fields } from './deployment.js';
import { startServerProgram } from './server-program.js';

/** One series of an instant query. */
export interface QueriedSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix time, and the value as text. */
  readonly value: readonly [number, string];
}

export interface Prometheus {
  /** An instant query, at a moment in unix time or now. */
  query(expression: string, atSeconds?: number): Promise<readonly QueriedSeries[]>;
  /** A path below `/api/v1/`; answers `data`. */
  api(path: string): Promise<unknown>;
  /** Where its blocks and its log of samples are. */
  readonly dataDirectory: string;
  /** Its own metrics, as text. */
  metrics(): Promise<string>;
  /** Has all samples written into blocks; answers the directory that these are in. */
  snapshot(): Promise<string>;
  /** What it logged. */
  log(): string;
}

/** A Prometheus on loopback that scrapes these targets by job, until the test ends. */
export async function startPrometheus(
  t: Test,
  targets: Readonly<Record<string, string>>,
  scrapeIntervalSeconds: number,
): Promise<Prometheus> {
  return configurePrometheus(t, () => configuration(targets, scrapeIntervalSeconds));
}

/** A Prometheus on loopback with any configuration, which may name these files, until the test ends. */
export async function configurePrometheus(
  t: Pick<Test, 'teardown'>,
  configure: (ownAddress: string) => Fields,
  files: Readonly<Record<string, string>> = {},
): Promise<Prometheus> {
  let dataDirectory = '';
  const program = await startServerProgram(t, 'prometheus', (address, directory) => {
    dataDirectory = join(directory, 'data');
    return {
      flags: [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${dataDirectory}`,
        `--web.listen-address=${address}`,
        '--web.enable-admin-api',
        // Every sample that it does not take is told of.
        '--log.level=debug',
      ],
      files: { ...files, 'prometheus.yml': stringify(configure(address)) },
    };
  });
  const api = async (path: string): Promise<unknown> => {
    const { data } = (await program.getJson(`/api/v1/${path}`)) as { data?: unknown };
    return data;
  };
  return {
    api,
    dataDirectory,
    snapshot: async () => {
      const url = `http://${program.address}/api/v1/admin/tsdb/snapshot`;
      const { data } = (await (await fetch(url, { method: 'POST' })).json()) as { data: { name: string } };
      return join(dataDirectory, 'snapshots', data.name);
    },
    metrics: async () => (await fetch(`http://${program.address}/metrics`)).text(),
    log: () => program.log(),
    async query(expression, atSeconds) {
      const time = atSeconds === undefined ? '' : `&time=${atSeconds}`;
      const data = await api(`query?query=${encodeURIComponent(expression)}${time}`);
      return (data as { result: QueriedSeries[] }).result;
    },
  };
}

function configuration(targets: Readonly<Record<string, string>>, intervalSeconds: number): Fields {
  return {
    global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${intervalSeconds}s` },
    scrape_configs: Object.entries(targets).map(([job, address]) => ({
      job_name: job,
      static_configs: [{ targets: [address] }],
    })),
  };
}
