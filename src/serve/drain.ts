import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Follows the connections of servers, to end them in good order. */
export interface Drain {
  watch(server: Server): void;
  /** Stops accepting, gives answers under way this long, then cuts what is left. */
  end(graceSeconds: number): Promise<void>;
}

/** Builds a drain; every server is to be given to `watch` before it listens. */
export function createDrain(): Drain {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const responses = new Set<ServerResponse>();
  let whenIdle: (() => void) | undefined;

  function watch(server: Server): void {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.prependListener('request', (_request, response: ServerResponse) => {
      responses.add(response);
      if (whenIdle) response.setHeader('Connection', 'close');
      response.once('close', () => {
        responses.delete(response);
        if (responses.size === 0) whenIdle?.();
      });
    });
  }

  async function end(graceSeconds: number): Promise<void> {
    const closed = Promise.all(servers.map(stop));
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, graceSeconds * 1000);
      whenIdle = () => {
        clearTimeout(timer);
        resolve();
      };
      for (const response of responses) if (!response.headersSent) response.setHeader('Connection', 'close');
      if (responses.size === 0) whenIdle();
    });
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  return { watch, end };
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
