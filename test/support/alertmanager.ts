import { join } from 'node:path';
import type { Test } from 'tap';
import { stringify } from 'yaml';
import type { Fields } from './deployment.js';
import { startServerProgram } from './server-program.js';

/** Debian's name of the program. */
export const ALERTMANAGER = 'prometheus-alertmanager';

/** An alert that Alertmanager knows of, as its API tells of it. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: {
    readonly state: 'active' | 'suppressed' | 'unprocessed';
    readonly inhibitedBy: string[];
  };
}

export interface Alertmanager {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** Sends it alerts with these labels, as a Prometheus would. */
  send(alerts: readonly KnownAlert['labels'][]): Promise<void>;
  /** The alerts that have not ended, also those that are inhibited. */
  alerts(): Promise<readonly KnownAlert[]>;
  /** What it logged. */
  log(): string;
}

/** Debian's Alertmanager on loopback, alone, until the test ends. */
export async function startAlertmanager(t: Test, configuration: Fields): Promise<Alertmanager> {
  const program = await startServerProgram(t, ALERTMANAGER, (address, directory) => ({
    flags: [
      `--config.file=${join(directory, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      // It looks for no others.
      '--cluster.listen-address=',
    ],
    files: { 'alertmanager.yml': stringify(configuration) },
  }));
  return {
    address: program.address,
    log: () => program.log(),
    send: async alerts => {
      const { status } = await fetch(`http://${program.address}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.map(labels => ({ labels }))),
      });
      if (status !== 200) throw new Error(`alerts were answered with ${status}`);
    },
    alerts: async () => (await program.getJson('/api/v2/alerts')) as KnownAlert[],
  };
}
