import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { until } from './process.js';

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
  /** What it logged. */
  log(): string;
}

/**
 * Why there is no Prometheus here, for tap's `skip`; false where there is one. With CONFINED_TEST_DOCKER=required it
 * throws instead.
 */
export function prometheusSkipReason(): string | false {
  if (spawnSync('prometheus', ['--version']).error === undefined) return false;
  const reason = 'prometheus is not installed';
  if (process.env['CONFINED_TEST_DOCKER'] === 'required') {
    throw new Error(`CONFINED_TEST_DOCKER=required, but ${reason}`);
  }
  return reason;
}

/** A Prometheus on loopback that scrapes these targets by job, until the test ends. */
export async function startPrometheus(
  t: Test,
  targets: Readonly<Record<string, string>>,
  scrapeIntervalSeconds: number,
): Promise<Prometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'confined-prometheus-'));
  writeFileSync(join(directory, 'prometheus.yml'), configuration(targets, scrapeIntervalSeconds));
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // Every sample that it does not take is told of.
      '--log.level=debug',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<void>(resolve => {
    child.once('close', () => resolve());
  });
  const onExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', onExit);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
    process.removeListener('exit', onExit);
    rmSync(directory, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await until('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).status === 200);
  const api = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/${path}`);
    const { data, error } = (await response.json()) as { data?: unknown; error?: string };
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${error}`);
    return data;
  };
  return {
    api,
    log: () => log,
    async query(expression, atSeconds) {
      const time = atSeconds === undefined ? '' : `&time=${atSeconds}`;
      const data = await api(`query?query=${encodeURIComponent(expression)}${time}`);
      return (data as { result: QueriedSeries[] }).result;
    },
  };
}

function configuration(targets: Readonly<Record<string, string>>, intervalSeconds: number): string {
  return [
    'global:',
    `  scrape_interval: ${intervalSeconds}s`,
    `  scrape_timeout: ${intervalSeconds}s`,
    'scrape_configs:',
    ...Object.entries(targets).flatMap(([job, address]) => [
      `  - job_name: ${job}`,
      '    static_configs:',
      `      - targets: ['${address}']`,
    ]),
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
