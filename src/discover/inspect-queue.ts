/** Runs a task for each id that is added, a few at a time. */
export interface InspectQueue {
  /** An id that waits already is not added twice; one whose task runs now runs once more after it. */
  add(id: string): void;
  /** Forgets what waits. */
  clear(): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

/** The task must not reject. */
export function createInspectQueue(parallel: number, task: (id: string) => Promise<void>): InspectQueue {
  const waiting = new Set<string>();
  const running = new Set<string>();
  let onIdle: (() => void)[] = [];

  function startNext(): void {
    for (const id of waiting) {
      if (running.size >= parallel) {
        return;
      }
      if (!running.has(id)) {
        waiting.delete(id);
        void run(id);
      }
    }
    if (waiting.size + running.size === 0) {
      onIdle.forEach(resolve => resolve());
      onIdle = [];
    }
  }

  async function run(id: string): Promise<void> {
    running.add(id);
    await task(id);
    running.delete(id);
    startNext();
  }

  return {
    add(id) {
      waiting.add(id);
      startNext();
    },
    clear() {
      waiting.clear();
      startNext();
    },
    idle: () =>
      new Promise(resolve => {
        onIdle.push(resolve);
        startNext();
      }),
  };
}
