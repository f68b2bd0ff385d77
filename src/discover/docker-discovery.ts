import { createBackoff, type Backoff } from './backoff.js';
import type { Clock } from './clock.js';
import type { Container } from './container.js';
import type { ContainerFilters } from './container-visibility.js';
import type { DockerClient } from './docker-client.js';
import { connectionError, type DockerError } from './docker-error.js';
import type { DockerEvent, DockerHost, DockerVersion } from './docker-reply.js';
import { createEventListener, type EventListener } from './event-listener.js';
import { createInspectQueue, type InspectQueue } from './inspect-queue.js';
import { EVENT_DECISIONS, Inventory } from './inventory.js';

export interface DockerDiscoveryOptions {
  readonly filters: ContainerFilters;
  /** Between two full lists. */
  readonly reconcileSeconds: number;
  /** Between two inspects of everything. */
  readonly refreshSeconds: number;
  /** The pauses after failures. */
  readonly retry: { readonly minSeconds: number; readonly maxSeconds: number };
}

export interface DockerDiscoveryDependencies {
  readonly client: DockerClient;
  readonly clock: Clock;
  /** As Math.random. */
  readonly random: () => number;
  /** Docker began to answer (undefined), or failed in another way than before. */
  readonly onState: (failure: DockerError | undefined) => void;
  readonly onEventStream: (connected: boolean) => void;
  readonly onEvent: (action: string) => void;
  readonly onReconciled: () => void;
  /** The limits or processes of a container may be others than before. */
  readonly onUpdate: (id: string) => void;
  /** A process was started in a container that runs. */
  readonly onProcess: (id: string) => void;
}

const PARALLEL_INSPECTS = 8;
/** A missing socket is cheap to look for. */
const MISSING_SOCKET_SECONDS = 5;
/** How long the first list waits for the event stream and for /info, neither of which it needs. */
const COURTESY_SECONDS = 1;
const FIRST_INVENTORY_SECONDS = 10;
const STEADY_STREAM_SECONDS = 10;

/**
 * Containers as Docker tells of them. Events are hints that make it fast; a full list at intervals, and
 * whenever the event stream was lost, is the truth. After a failure the containers known last stay.
 */
export class DockerDiscovery {
  readonly #options: DockerDiscoveryOptions;
  readonly #dependencies: DockerDiscoveryDependencies;
  readonly #inventory: Inventory;
  readonly #queue: InspectQueue;
  readonly #listener: EventListener;
  readonly #backoff: Backoff;
  readonly #stopped = new AbortController();
  /** From the first answer of a daemon until a list fails. */
  #session: AbortController | undefined;
  #host: DockerHost | undefined;
  #up = false;
  #lastState: string | undefined;
  #listWanted = false;
  #wake: () => void = () => undefined;
  #eventsSinceList = 0;
  #streaming = false;
  /** The stream was open all the time since the last list. */
  #streamedSinceList = false;
  #refreshedSeconds = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: DockerDiscoveryOptions, dependencies: DockerDiscoveryDependencies) {
    const { client, clock, random } = dependencies;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#inventory = new Inventory(options.filters);
    this.#queue = createInspectQueue(PARALLEL_INSPECTS, id => this.#inspect(id));
    this.#backoff = createBackoff({ ...options.retry, random });
    this.#listener = createEventListener({
      client,
      clock,
      backoff: createBackoff({ ...options.retry, random }),
      steadySeconds: STEADY_STREAM_SECONDS,
      onEvent: event => this.#onEvent(event),
      onConnection: connected => this.#onConnection(connected),
    });
  }

  /** Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    const pauseSeconds = await this.#attempt();
    await atMost(FIRST_INVENTORY_SECONDS, this.#queue.idle(), this.#dependencies.clock);
    this.#loop = this.#run(pauseSeconds);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#session?.abort();
    this.#wake();
    this.#dependencies.client.close();
    await this.#loop;
  }

  containers(): readonly Container[] {
    return this.#inventory.containers();
  }

  /** Also of a container that the filters hide. */
  knows(id: string): boolean {
    return this.#inventory.knows(id);
  }

  /** As last told; it outlives a failure. */
  get host(): DockerHost | undefined {
    return this.#host;
  }

  /** The last list succeeded. */
  get up(): boolean {
    return this.#up;
  }

  async #run(firstPauseSeconds: number): Promise<void> {
    let pauseSeconds = firstPauseSeconds;
    while (!this.#stopped.signal.aborted) {
      await this.#pause(pauseSeconds);
      if (!this.#stopped.signal.aborted) {
        pauseSeconds = await this.#attempt();
      }
    }
  }

  async #pause(seconds: number): Promise<void> {
    if (this.#listWanted) {
      return;
    }
    const pause = new AbortController();
    this.#wake = () => pause.abort();
    await this.#dependencies.clock.sleep(seconds, pause.signal);
  }

  /** One list, and what must come before it; answers how long to wait until the next. */
  async #attempt(): Promise<number> {
    try {
      this.#session ??= await this.#openSession();
      await this.#reconcile(this.#session.signal);
      this.#backoff.reset();
      this.#setState(undefined);
      return this.#options.reconcileSeconds;
    } catch (error) {
      const failure = connectionError(error, this.#dependencies.client.address ?? 'its endpoint');
      this.#closeSession();
      this.#setState(failure);
      const pauseSeconds = this.#backoff.nextSeconds();
      return failure.code === 'missing' ? Math.min(pauseSeconds, MISSING_SOCKET_SECONDS) : pauseSeconds;
    }
  }

  /** Events before the list, so that nothing happens unseen between the two. */
  async #openSession(): Promise<AbortController> {
    const { client, clock } = this.#dependencies;
    const session = new AbortController();
    this.#session = session;
    const version = await client.version(session.signal).catch(tolerateRefusal);
    this.#host = version ?? this.#host;
    const connected = new Promise<void>(resolve => {
      this.#onFirstConnection = resolve;
    });
    const actions = version?.engine === 'podman' ? undefined : Object.keys(EVENT_DECISIONS);
    void this.#listener.run(session.signal, actions);
    const informed = this.#learnHost(version, session.signal);
    await atMost(COURTESY_SECONDS, Promise.all([connected, informed]), clock);
    this.#inventory.distrustAll();
    return session;
  }

  #onFirstConnection: () => void = () => undefined;

  /** Some daemons take long over /info and some proxies refuse it; nothing else depends on it. */
  async #learnHost(version: DockerVersion | undefined, signal: AbortSignal): Promise<void> {
    const info = await this.#dependencies.client.info(signal).catch(() => undefined);
    if (info !== undefined && !signal.aborted) {
      this.#host = { engine: 'docker', version: '', ...version, ...info };
    }
  }

  #closeSession(): void {
    this.#session?.abort();
    this.#session = undefined;
    this.#queue.clear();
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const { client, clock, onReconciled } = this.#dependencies;
    const silent = this.#streamedSinceList && this.#eventsSinceList === 0;
    this.#streamedSinceList = this.#streaming;
    this.#listWanted = false;
    this.#eventsSinceList = 0;
    if (clock.monotonicSeconds() - this.#refreshedSeconds >= this.#options.refreshSeconds) {
      this.#refreshedSeconds = clock.monotonicSeconds();
      this.#inventory.distrustAll();
    }
    const begun = this.#inventory.beginList();
    const { inspect, changed } = this.#inventory.applyList(await client.list(signal), begun);
    inspect.forEach(id => this.#queue.add(id));
    onReconciled();
    if (silent && changed && this.#eventsSinceList === 0) {
      // Something happened and no event told of it: the connection is open at this end alone.
      this.#listener.reconnect();
    }
  }

  async #inspect(id: string): Promise<void> {
    const { client, onUpdate } = this.#dependencies;
    try {
      if (this.#inventory.applyInspect(await client.inspect(id, this.#session?.signal))) {
        onUpdate(id);
      }
    } catch (error) {
      if (connectionError(error, '').code === '404') {
        this.#inventory.drop(id);
      } else {
        this.#inventory.inspectFailed(id);
      }
    }
  }

  #onEvent(event: DockerEvent): void {
    this.#eventsSinceList += 1;
    this.#dependencies.onEvent(event.action);
    const decision = this.#inventory.applyEvent(event);
    if (decision === 'inspect') {
      this.#queue.add(event.id);
    } else if (decision === 'look') {
      this.#dependencies.onProcess(event.id);
    }
  }

  #onConnection(connected: boolean): void {
    this.#streaming = connected;
    this.#streamedSinceList = false;
    this.#dependencies.onEventStream(connected);
    this.#onFirstConnection();
    if (this.#session !== undefined) {
      this.#listWanted = true;
      this.#wake();
    }
  }

  #setState(failure: DockerError | undefined): void {
    this.#up = failure === undefined;
    const state = failure?.code ?? 'up';
    if (state !== this.#lastState && !this.#stopped.signal.aborted) {
      this.#lastState = state;
      this.#dependencies.onState(failure);
    }
  }
}

/** A proxy may refuse what is not needed; that nothing answers at all is another matter. */
function tolerateRefusal(error: unknown): undefined {
  const failure = connectionError(error, '');
  if (!failure.answered && failure.code !== 'malformed') {
    throw failure;
  }
}

async function atMost(seconds: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, clock.sleep(seconds, over.signal)]);
  over.abort();
}
