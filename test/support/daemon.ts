import { pino } from 'pino';
import { loadConfig } from '../../src/config/load.js';
import { startDaemon } from '../../src/daemon.js';
import { systemClock } from '../../src/discover/clock.js';
import type { Clock } from '../../src/discover/clock.js';
import { readTextFile } from '../../src/read/files.js';
import { parseExposition } from './exposition.js';
import type { Exposition } from './exposition.js';
import type { RecordedHost } from './recorded-host.js';

/** The whole daemon in this process, on a port of its own. */
export interface TestDaemon {
  readonly url: string;
  scrape(query?: string): Promise<Exposition>;
  stop(): Promise<void>;
}

/** Starts the daemon as a user would, with these flags; it listens on loopback. */
export async function startTestDaemon(
  flags: readonly string[],
  options: { readonly clock?: Clock; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<TestDaemon> {
  const result = loadConfig({ argv: ['--web.listen-address=127.0.0.1:0', ...flags], env: {}, readTextFile });
  if (result.kind !== 'config') throw new Error(JSON.stringify(result));
  const daemon = await startDaemon({
    config: result.config,
    build: { version: '0.0.0', revision: 'test' },
    env: options.env ?? {},
    homeDirectory: '/nonexistent',
    logger: pino({ level: 'silent' }),
    clock: options.clock ?? systemClock,
  });
  const url = `http://${daemon.addresses[0]}`;
  return {
    url,
    async scrape(query = '') {
      const response = await fetch(`${url}/metrics${query}`);
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      return parseExposition(await response.text());
    },
    stop: () => daemon.stop(),
  };
}

/** The flags that point the daemon at a recorded host. */
export function flagsFor(host: RecordedHost): string[] {
  return [
    `--path.procfs=${host.procfs}`,
    `--path.cgroupfs=${host.cgroupfs}`,
    `--path.rootfs=${host.rootfs}`,
    `--docker.host=unix://${host.dockerSocket}`,
  ];
}

/** A clock that stands at the moment when the host was recorded; only waiting takes real time. */
export function clockOf(host: RecordedHost): Clock {
  return { ...systemClock, nowSeconds: () => host.recordedAtSeconds };
}
