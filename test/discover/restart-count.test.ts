import t from 'tap';
import type { ContainerState } from '../../src/discover/container.js';
import { countRestarts } from '../../src/discover/restart-count.js';

type Inspect = [
  runtimeCount: number,
  startedAt: number | undefined,
  restarts: number,
  state?: ContainerState,
];

/** Inspects that follow one another: the runtime's count, the start, and the restarts so far. */
const lives: Record<string, Inspect[]> = {
  'first sight takes the count of the runtime': [[4, 100, 4]],
  'a first start is no restart': [
    [0, undefined, 0],
    [0, 100, 0],
  ],
  'the policy restarts it': [
    [0, 100, 0],
    [1, 110, 1],
    [2, 120, 2],
  ],
  'restarts that no inspect saw one by one': [
    [0, 100, 0],
    [5, 160, 5],
  ],
  'a start by hand sets the runtime back': [
    [3, 100, 3],
    [0, 200, 4],
    [1, 210, 5],
  ],
  'docker restart leaves the count of the runtime alone': [
    [0, 100, 0],
    [0, 200, 1],
  ],
  'nothing happened': [
    [2, 100, 2],
    [2, 100, 2],
  ],
  'the count comes before the start that belongs to it': [
    [0, 100, 0],
    [1, 100, 1, 'restarting'],
    [1, 110, 1],
    [2, 110, 2, 'restarting'],
    [3, 120, 3, 'restarting'],
    [3, 130, 3],
  ],
  'it was stopped before that start, and then started by hand': [
    [1, 100, 1, 'restarting'],
    [1, 100, 1, 'exited'],
    [0, 200, 2],
  ],
  'the clock was set back': [
    [0, 200, 0],
    [0, 100, 1],
  ],
};
for (const [name, inspects] of Object.entries(lives)) {
  t.test(name, async t => {
    let count: ReturnType<typeof countRestarts> | undefined;
    for (const [runtimeCount, startedAt, restarts, state = 'running'] of inspects) {
      const started = startedAt === undefined ? {} : { startedAtSeconds: startedAt };
      count = countRestarts(count, runtimeCount, { state, ...started });
      t.equal(count.restarts, restarts);
    }
  });
}
