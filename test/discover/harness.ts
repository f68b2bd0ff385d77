import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { systemClock } from '../../src/discover/clock.js';
import type { Container } from '../../src/discover/container.js';
import { createDockerClient, type DockerClientOptions } from '../../src/discover/docker-client.js';
import { DockerError } from '../../src/discover/docker-error.js';
import { createDiscovery, type Discovery, type DiscoveryOptions } from '../../src/discover/discovery.js';
import type { DiscoveryDependencies } from '../../src/discover/discovery.js';
import { FakeDockerApi } from '../support/fake-docker-api.js';

/** What a discovery told its log and its observer. */
export interface Observed {
  readonly log: string[];
  readonly up: boolean[];
  readonly requests: string[];
  readonly streams: boolean[];
  readonly events: string[];
  readonly updates: string[];
  /** Containers in which a process was started. */
  readonly processes: string[];
  reconciles: number;
}

export interface Running {
  readonly discovery: Discovery;
  readonly observed: Observed;
}

/** A fake daemon that is gone when the test ends. */
export async function startApi(t: Test): Promise<FakeDockerApi> {
  const api = new FakeDockerApi();
  t.teardown(() => api.destroy());
  await api.start();
  return api;
}

/** A discovery with short intervals, over the real clock; the test starts it, and its end stops it. */
export function prepareDiscovery(
  t: Test,
  options: Partial<DiscoveryOptions>,
  dependencies: Partial<DiscoveryDependencies> = {},
): Running {
  const observed: Observed = {
    log: [],
    up: [],
    requests: [],
    streams: [],
    events: [],
    updates: [],
    processes: [],
    reconciles: 0,
  };
  const discovery = createDiscovery(
    {
      mode: 'docker',
      timeoutSeconds: 10,
      reconcileSeconds: 0.2,
      filters: { include: [], exclude: [] },
      keepLabel: name => name === 'com.docker.compose.project',
      retry: { minSeconds: 0.02, maxSeconds: 0.1 },
      ...options,
    },
    {
      env: {},
      homeDirectory: '/nonexistent',
      socketExists: existsSync,
      cgroupTree: { containers: () => [] },
      clock: systemClock,
      random: Math.random,
      log: {
        info: message => observed.log.push(`info ${message}`),
        warn: message => observed.log.push(`warn ${message}`),
      },
      observer: {
        dockerUp: up => observed.up.push(up),
        request: (endpoint, code) => observed.requests.push(`${endpoint} ${code}`),
        eventStream: connected => observed.streams.push(connected),
        event: action => observed.events.push(action),
        reconciled: () => (observed.reconciles += 1),
      },
      ...dependencies,
    },
  );
  discovery.onUpdate(id => observed.updates.push(id));
  discovery.onProcess(id => observed.processes.push(id));
  t.teardown(() => discovery.stop());
  return { discovery, observed };
}

export async function startDiscovery(
  t: Test,
  api: FakeDockerApi,
  options: Partial<DiscoveryOptions> = {},
): Promise<Running> {
  const running = prepareDiscovery(t, { dockerHost: api.host, ...options });
  await running.discovery.start();
  return running;
}

export function clientFor(t: Test, host: string, options: Partial<DockerClientOptions> = {}) {
  const requests: string[] = [];
  const client = createDockerClient({
    host,
    env: {},
    homeDirectory: '/nonexistent',
    socketExists: existsSync,
    timeoutSeconds: 10,
    keepLabel: () => false,
    clock: systemClock,
    onRequest: (request, code) => requests.push(`${request} ${code}`),
    ...options,
  });
  t.teardown(() => client.close());
  return { client, requests };
}

/** The code and message of the DockerError that the promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DockerError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error('nothing failed');
}

export function names(discovery: Discovery): string[] {
  return discovery
    .containers()
    .map(({ name }) => name)
    .sort();
}

export function find(discovery: Discovery, name: string): Container | undefined {
  return discovery.containers().find(container => container.name === name);
}

/** Waits until the condition holds; after a minute the test fails by an error that names it. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`waited a minute in vain until ${what}`);
    }
    await delay(5);
  }
}
