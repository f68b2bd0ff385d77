import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';

/** What Alertmanager sends to a webhook: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. */
export interface Notification {
  readonly version: string;
  readonly status: AlertStatus;
  readonly receiver: string;
  readonly truncatedAlerts: number;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly NotifiedAlert[];
}

export interface NotifiedAlert {
  readonly status: AlertStatus;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** In RFC 3339, as is the end; the year 1 while there is none. */
  readonly startsAt: string;
  readonly endsAt: string;
}

export type AlertStatus = 'firing' | 'resolved';

export interface Webhook {
  readonly url: string;
  /** What has arrived, in order; the time is in milliseconds of unix time. */
  readonly notifications: readonly (Notification & { readonly receivedAtMs: number })[];
}

/** Takes notifications on loopback until the test ends; what is no JSON by POST is answered with 400 and not taken. */
export async function startWebhook(t: Test): Promise<Webhook> {
  const notifications: (Notification & { receivedAtMs: number })[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    if (request.method !== 'POST') throw new Error(`${request.method}`);
    const notification = JSON.parse(await text(request)) as Notification;
    notifications.push({ ...notification, receivedAtMs: Date.now() });
  };
  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200).end(),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, notifications };
}
