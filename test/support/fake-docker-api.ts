import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Endpoint = 'version' | 'info' | 'list' | 'inspect' | 'events';
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A container as the fake keeps it; `inspect` and `list` are merged into the replies as they are. */
export interface FakeContainer {
  readonly id: string;
  name: string;
  image: string;
  state: string;
  status: string;
  pid: number;
  startedAt: string;
  restartCount: number;
  labels: Record<string, string>;
}

/** 64 hexadecimal digits out of a number. */
export function fakeId(number: number): string {
  return number.toString(16).padStart(64, '0');
}

/**
 * The Docker Engine API over real HTTP on a real unix socket, as Docker 20.10 answers it, until a test scripts
 * another answer for an endpoint.
 */
export class FakeDockerApi {
  readonly directory = mkdtempSync(join(tmpdir(), 'fake-docker-'));
  readonly socketPath = join(this.directory, 'docker.sock');
  readonly host = `unix://${this.socketPath}`;
  readonly containers = new Map<string, FakeContainer>();
  /** An answer other than the usual one. */
  readonly script = new Map<Endpoint, Answer>();
  /** The request targets so far, oldest first. */
  readonly requests: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<ServerResponse>();
  #server: Server | undefined;
  /** The largest number of inspects that were under way at one time. */
  mostParallelInspects = 0;
  #inspects = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response));
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    await new Promise<void>(resolve => server.listen(this.socketPath, resolve));
    this.#server = server;
  }

  /** As when dockerd is killed: connections break, and the socket's file stays unless it is removed. */
  async stop({ removeSocket = true } = {}): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#sockets.forEach(socket => socket.destroy());
    if (server !== undefined) {
      await new Promise(resolve => server.close(resolve));
    }
    if (removeSocket) {
      rmSync(this.socketPath, { force: true });
    }
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  forbid(): void {
    chmodSync(this.socketPath, 0o000);
  }

  add(number: number, fields: Partial<FakeContainer> = {}): FakeContainer {
    const container: FakeContainer = {
      id: fakeId(number),
      name: `container-${number}`,
      image: 'busybox',
      state: 'running',
      status: 'Up 5 minutes',
      pid: 1000 + number,
      startedAt: '2026-11-23T22:20:28.710019415Z',
      restartCount: 0,
      labels: {},
      ...fields,
    };
    this.containers.set(container.id, container);
    return container;
  }

  /** How many connections are open at this end. */
  get connections(): number {
    return this.#sockets.size;
  }

  get streams(): number {
    return this.#streams.size;
  }

  count(part: string): number {
    return this.requests.filter(target => target.includes(part)).length;
  }

  emit(action: string, id: string): void {
    this.emitRaw(`${JSON.stringify(eventOf(action, id))}\n`);
  }

  emitRaw(text: string | Buffer): void {
    this.#streams.forEach(stream => stream.write(text));
  }

  endStreams(): void {
    this.#streams.forEach(stream => stream.end());
  }

  resetStreams(): void {
    this.#streams.forEach(stream => stream.socket?.destroy());
  }

  /** What the fake answers to an endpoint when nothing else is scripted. */
  usual(endpoint: Endpoint, id = ''): unknown {
    switch (endpoint) {
      case 'version':
        return {
          Version: '20.10.24',
          ApiVersion: '1.41',
          MinAPIVersion: '1.12',
          Components: [{ Name: 'Engine' }],
        };
      case 'info':
        return {
          Name: 'fake',
          CgroupDriver: 'systemd',
          CgroupVersion: '2',
          SecurityOptions: ['name=apparmor'],
        };
      case 'list':
        return [...this.containers.values()].map(listed);
      case 'inspect':
      case 'events':
    }
    const container = this.containers.get(id);
    return container && inspected(container);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '';
    this.requests.push(target);
    const [, path = '', id = ''] =
      /^(?:\/v1\.\d+)?\/(version|info|events|containers\/json|containers\/([0-9a-f]+)\/json)(?:\?|$)/.exec(
        target,
      ) ?? [];
    const endpoint = id !== '' ? 'inspect' : path === 'containers/json' ? 'list' : (path as Endpoint);
    if (endpoint === 'inspect') {
      this.#inspects += 1;
      this.mostParallelInspects = Math.max(this.mostParallelInspects, this.#inspects);
      response.on('close', () => (this.#inspects -= 1));
    }
    const scripted = this.script.get(endpoint);
    if (scripted !== undefined) {
      scripted(response, request);
    } else if (endpoint === 'events') {
      this.openStream(response);
    } else {
      const value = this.usual(endpoint, id);
      json(value ?? { message: `No such container: ${id}` }, value === undefined ? 404 : 200)(
        response,
        request,
      );
    }
  }

  /** Answers a request with an event stream that stays open. */
  openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }
}

export function eventOf(action: string, id: string): object {
  const time = Math.floor(Date.now() / 1000);
  return { Type: 'container', Action: action, Actor: { ID: id, Attributes: {} }, scope: 'local', time };
}

/** Accepts and never answers. */
export const hang: Answer = () => undefined;

export function json(value: unknown, status = 200): Answer {
  return response => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
}

/** As HAProxy or nginx answer for a daemon behind them. */
export function html(status: number): Answer {
  return response => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html><body><h1>Sorry</h1>\nRequest refused.</body></html>');
  };
}

/** A byte now and then, for ever. */
export const trickle: Answer = response => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

/** Announces more than it sends, and then either ends the connection or keeps it open. */
export function truncated({ close }: { close: boolean }): Answer {
  return response => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('[{"Id":');
    if (close) {
      setTimeout(() => response.socket?.destroy(), 10);
    }
  };
}

export const reset: Answer = response => {
  response.socket?.destroy();
};

function listed(container: FakeContainer): object {
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.image,
    ImageID: 'sha256:00',
    Command: 'sleep 1',
    Created: 1795472428,
    Labels: container.labels,
    State: container.state,
    Status: container.status,
  };
}

function inspected(container: FakeContainer): object {
  const running = container.state === 'running' || container.state === 'paused';
  return {
    Id: container.id,
    Created: '2026-11-23T22:20:28.324841102Z',
    Name: `/${container.name}`,
    Image: 'sha256:00',
    RestartCount: container.restartCount,
    State: {
      Status: container.state,
      Running: running,
      Paused: container.state === 'paused',
      OOMKilled: false,
      Pid: running ? container.pid : 0,
      ExitCode: 0,
      StartedAt: container.startedAt,
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'no' }, CapAdd: null, SecurityOpt: null },
    Config: { Image: container.image, Env: ['PASSWORD=swordfish'], Labels: container.labels },
  };
}
