import type { Clock } from './clock.js';
import type { DockerClient } from './docker-client.js';

/**
 * Knows how large the containers' writable layers are. The daemon walks a layer's files to tell its size, so the layers
 * are asked for one after another, with rests, and the answers are kept.
 */
export interface LayerSizes {
  /** Asks again and again until {@link stop}; does nothing where there is no interval. */
  start(): void;
  stop(): void;
  /** As last told; absent before that. */
  bytesOf(containerId: string): number | undefined;
}

export interface LayerSizesOptions {
  readonly client: Pick<DockerClient, 'writableLayerBytes'>;
  readonly clock: Clock;
  /** Between two rounds; absent: never asks. */
  readonly intervalSeconds: number | undefined;
  readonly containerIds: () => readonly string[];
}

export function createLayerSizes(options: LayerSizesOptions): LayerSizes {
  const { client, clock, intervalSeconds, containerIds } = options;
  const stopping = new AbortController();
  let sizes = new Map<string, number>();

  /** What one container's layer cannot be asked for leaves the others. */
  async function ask(id: string, signal: AbortSignal): Promise<void> {
    try {
      const bytes = await client.writableLayerBytes(id, signal);
      if (bytes !== undefined) sizes.set(id, bytes);
    } catch {
      // The client has counted the failure; a size that is not known is absent.
      sizes.delete(id);
    }
  }

  async function run(seconds: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ids = new Set(containerIds());
      sizes = new Map([...sizes].filter(([id]) => ids.has(id)));
      for (const id of ids) if (!signal.aborted) await ask(id, signal);
      await clock.sleep(seconds, signal);
    }
  }

  return {
    start() {
      if (intervalSeconds !== undefined) void run(intervalSeconds, stopping.signal);
    },
    stop: () => stopping.abort(),
    bytesOf: id => sizes.get(id),
  };
}
