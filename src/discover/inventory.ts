import type { Container } from './container.js';
import { isShown, type ContainerFilters } from './container-visibility.js';
import type { DockerEvent, ListedContainer } from './docker-reply.js';
import type { InspectedContainer } from './inspect-reply.js';
import { parseListStatus, type ListStatus } from './list-status.js';
import { countRestarts, type RestartCount } from './restart-count.js';

/** What an event asks for. */
export type EventDecision = 'inspect' | 'look' | 'drop' | 'nothing';

/** The events that say something about a container's identity, life or limits, or that a process was started in it. */
export const EVENT_DECISIONS: Readonly<Record<string, EventDecision>> = {
  create: 'inspect',
  start: 'inspect',
  restart: 'inspect',
  stop: 'inspect',
  kill: 'nothing',
  die: 'inspect',
  oom: 'inspect',
  pause: 'inspect',
  unpause: 'inspect',
  rename: 'inspect',
  update: 'inspect',
  health_status: 'inspect',
  exec_start: 'look',
  destroy: 'drop',
};

/** After these the limits of a container may be others, though nothing else changed. */
const LIMIT_ACTIONS: ReadonlySet<string> = new Set(['create', 'start', 'restart', 'update']);

interface Entry {
  /** As last listed; absent when an event came first. */
  listed: (ListStatus & Pick<ListedContainer, 'name' | 'image' | 'state'>) | undefined;
  /** Absent until the first inspect, and while it is not to be shown. */
  container: Container | undefined;
  restartCount: RestartCount | undefined;
  /** An inspect was asked for and has not succeeded yet. */
  inspectDue: boolean;
  limitsChanged: boolean;
  /** The number of the last event about it; 0 before the first. */
  lastEvent: number;
}

export interface ListDecision {
  readonly inspect: readonly string[];
  /** The list tells something that was not known before. */
  readonly changed: boolean;
}

/** What is known of the containers of one daemon, and which of it must be asked again. Pure state, no input or output. */
export class Inventory {
  readonly #filters: ContainerFilters;
  readonly #entries = new Map<string, Entry>();
  #eventsSeen = 0;
  #shown: readonly Container[] | undefined;

  constructor(filters: ContainerFilters) {
    this.#filters = filters;
  }

  /** Those that are to be shown; the same list until something changes. */
  containers(): readonly Container[] {
    this.#shown ??= [...this.#entries.values()].flatMap(({ container }) => container ?? []);
    return this.#shown;
  }

  /** Also of a container that the filters hide. */
  knows(id: string): boolean {
    return this.#entries.has(id);
  }

  /** To be called before a list is asked for, and handed to {@link applyList} with it. */
  beginList(): number {
    return this.#eventsSeen;
  }

  /**
   * The whole truth at one moment: drops what is not in it, and answers which ids to inspect. A container that
   * an event told of after the list was asked for may be missing from it and stays.
   */
  applyList(list: readonly ListedContainer[], begun: number): ListDecision {
    const ids = new Set(list.map(({ id }) => id));
    const gone = [...this.#entries].filter(([id, { lastEvent }]) => !ids.has(id) && lastEvent <= begun);
    gone.forEach(([id]) => this.drop(id));
    const changed = list.filter(listed => this.#applyListed(listed));
    const inspect = [...ids].filter(id => this.#entries.get(id)?.inspectDue === true);
    return { inspect, changed: gone.length + changed.length > 0 };
  }

  /** Takes note of an event; events are hints, they may repeat, arrive late, or not at all. */
  applyEvent({ action, id }: DockerEvent): EventDecision {
    this.#eventsSeen += 1;
    const decision = Object.hasOwn(EVENT_DECISIONS, action) ? EVENT_DECISIONS[action] : undefined;
    if (decision === 'drop') {
      this.drop(id);
    } else if (decision === 'inspect') {
      const entry = this.#entry(id);
      entry.inspectDue = true;
      entry.lastEvent = this.#eventsSeen;
      entry.limitsChanged ||= LIMIT_ACTIONS.has(action);
    }
    return decision ?? 'nothing';
  }

  /** Answers whether its limits or its processes may be others than before. A container that was dropped meanwhile stays dropped. */
  applyInspect(inspected: InspectedContainer): boolean {
    const { container, restartCount, allLabels } = inspected;
    const entry = this.#entries.get(container.id);
    if (entry === undefined) {
      return false;
    }
    const before = entry.container;
    entry.restartCount = countRestarts(entry.restartCount, restartCount, container);
    const shown = isShown({ ...container, labels: allLabels }, this.#filters);
    entry.container = shown ? remember(before, container, entry.restartCount.restarts) : undefined;
    const renewed =
      entry.limitsChanged ||
      before?.pid !== container.pid ||
      before?.startedAtSeconds !== container.startedAtSeconds;
    entry.inspectDue = false;
    entry.limitsChanged = false;
    this.#shown = undefined;
    return shown && renewed;
  }

  drop(id: string): void {
    if (this.#entries.delete(id)) {
      this.#shown = undefined;
    }
  }

  /** The next list asks for it again. */
  inspectFailed(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) {
      entry.inspectDue = true;
    }
  }

  /** Asks for everything again at the next list: after a restart of the daemon nothing is certain. */
  distrustAll(): void {
    for (const entry of this.#entries.values()) {
      entry.inspectDue = true;
    }
  }

  /** Answers whether it tells something new. */
  #applyListed({ id, name, image, state, status }: ListedContainer): boolean {
    const entry = this.#entry(id);
    const before = entry.listed;
    entry.listed = { name, image, state, ...parseListStatus(status) };
    const changed = before === undefined ? entry.lastEvent === 0 : differs(before, entry.listed);
    entry.inspectDue ||= changed;
    return changed;
  }

  #entry(id: string): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = {
        listed: undefined,
        container: undefined,
        restartCount: undefined,
        inspectDue: true,
        limitsChanged: true,
        lastEvent: 0,
      };
      this.#entries.set(id, entry);
    }
    return entry;
  }
}

/** A time since the start that became shorter gives away a restart that no event told of. */
function differs(before: NonNullable<Entry['listed']>, now: NonNullable<Entry['listed']>): boolean {
  return (
    before.name !== now.name ||
    before.image !== now.image ||
    before.state !== now.state ||
    before.words !== now.words ||
    (before.ageSeconds ?? 0) > (now.ageSeconds ?? 0)
  );
}

/** Of the last exit only a stopped container tells; a running one keeps what was seen before it started again. */
function remember(before: Container | undefined, now: Container, restarts: number): Container {
  const exitCode = now.exitCode ?? before?.exitCode;
  const oomKilled = now.oomKilled ?? before?.oomKilled;
  return {
    ...now,
    restarts,
    ...(exitCode !== undefined && { exitCode }),
    ...(oomKilled !== undefined && { oomKilled }),
  };
}
