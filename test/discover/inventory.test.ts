import * as fc from 'fast-check';
import t from 'tap';
import { parseContainerFilter } from '../../src/config/container-filter.js';
import type { ContainerState } from '../../src/discover/container.js';
import type { ContainerFilters } from '../../src/discover/container-visibility.js';
import type { ListedContainer } from '../../src/discover/docker-reply.js';
import type { InspectedContainer } from '../../src/discover/inspect-reply.js';
import { EVENT_DECISIONS, Inventory } from '../../src/discover/inventory.js';
import { fakeId } from '../support/fake-docker-api.js';

const id = fakeId(1);
const NO_FILTERS: ContainerFilters = { include: [], exclude: [] };

function listed(fields: Partial<ListedContainer> = {}): ListedContainer {
  return { id, name: 'web', image: 'nginx', state: 'running', status: 'Up 5 minutes', ...fields };
}

interface Life {
  readonly id?: string;
  readonly name?: string;
  readonly image?: string;
  readonly state?: ContainerState;
  readonly pid?: number;
  readonly startedAtSeconds?: number;
  readonly exitCode?: number;
  readonly labels?: Record<string, string>;
}

function inspected({ labels = {}, ...life }: Life = {}): InspectedContainer {
  return {
    container: {
      id,
      name: 'web',
      image: 'nginx',
      labels: new Map(),
      state: 'running',
      pid: 10,
      startedAtSeconds: 100,
      configuration: {},
      source: 'docker',
      ...life,
    },
    restartCount: 0,
    allLabels: new Map(Object.entries(labels)),
  };
}

/** One container, listed and inspected. */
function settled(filters = NO_FILTERS, life: Life = {}): Inventory {
  const inventory = new Inventory(filters);
  inventory.applyList([listed()], inventory.beginList());
  inventory.applyInspect(inspected(life));
  return inventory;
}

t.test('a list asks for what is new and drops what is gone', async t => {
  const inventory = new Inventory(NO_FILTERS);
  t.same(inventory.applyList([listed()], 0), { inspect: [id], changed: true });
  t.same(inventory.containers(), [], 'not shown before the inspect');
  inventory.applyInspect(inspected());
  t.match(inventory.containers(), [{ name: 'web', restarts: 0 }]);
  t.same(inventory.applyList([listed({ status: 'Up 6 minutes' })], inventory.beginList()), {
    inspect: [],
    changed: false,
  });
  t.same(inventory.applyList([], inventory.beginList()), { inspect: [], changed: true });
  t.same(inventory.containers(), []);
});

const changes: Record<string, Partial<ListedContainer>> = {
  'its name': { name: 'shop' },
  'its image': { image: 'nginx:2' },
  'its state': { state: 'exited', status: 'Exited (0) 1 second ago' },
  'its health': { status: 'Up 5 minutes (unhealthy)' },
  'a shorter time since its start': { status: 'Up 2 seconds' },
};
for (const [name, fields] of Object.entries(changes)) {
  t.test(`a list that tells another thing about ${name} asks for an inspect`, async t => {
    t.same(settled().applyList([listed(fields)], 0), { inspect: [id], changed: true });
  });
}

t.test('a failed inspect is asked for again', async t => {
  const inventory = settled();
  inventory.inspectFailed(id);
  t.same(inventory.applyList([listed()], 0), { inspect: [id], changed: false });
});

for (const [action, decision] of Object.entries({
  ...EVENT_DECISIONS,
  exec_create: 'nothing',
  constructor: 'nothing',
})) {
  t.test(`event ${action}: ${decision}`, async t => {
    const inventory = settled();
    t.equal(inventory.applyEvent({ action, id, timeSeconds: 1 }), decision);
    t.equal(inventory.knows(id), decision !== 'drop');
  });
}

t.test('a list that is older than an event does not drop what the event told of', async t => {
  const inventory = new Inventory(NO_FILTERS);
  const begun = inventory.beginList();
  inventory.applyEvent({ action: 'create', id, timeSeconds: 1 });
  inventory.applyList([], begun);
  t.ok(inventory.knows(id));
  inventory.applyList([], inventory.beginList());
  t.notOk(inventory.knows(id));
});

t.test('an inspect that comes after the removal changes nothing', async t => {
  const inventory = settled();
  inventory.applyEvent({ action: 'destroy', id, timeSeconds: 1 });
  t.notOk(inventory.applyInspect(inspected()));
  t.same(inventory.containers(), []);
});

t.test('an inspect tells whether limits or processes may be new', async t => {
  const inventory = settled();
  t.notOk(inventory.applyInspect(inspected()));
  t.ok(inventory.applyInspect(inspected({ pid: 11 })));
  t.ok(inventory.applyInspect(inspected({ pid: 11, startedAtSeconds: 200 })));
  inventory.applyEvent({ action: 'update', id, timeSeconds: 1 });
  t.ok(inventory.applyInspect(inspected({ pid: 11, startedAtSeconds: 200 })));
  inventory.applyEvent({ action: 'health_status', id, timeSeconds: 1 });
  t.notOk(inventory.applyInspect(inspected({ pid: 11, startedAtSeconds: 200 })));
});

t.test('a container that runs again keeps the exit code of its last exit', async t => {
  const inventory = settled();
  inventory.applyInspect(inspected({ state: 'exited', exitCode: 137 }));
  inventory.applyInspect(inspected({ startedAtSeconds: 200 }));
  t.match(inventory.containers(), [{ state: 'running', exitCode: 137, restarts: 1 }]);
});

t.test('the list of containers is the same object until something changes', async t => {
  const inventory = settled();
  const before = inventory.containers();
  inventory.applyList([listed()], 0);
  t.equal(inventory.containers(), before);
  inventory.applyInspect(inspected({ name: 'shop' }));
  t.not(inventory.containers(), before);
});

const web: Life = { name: 'web-1', image: 'nginx:1.27', labels: { team: 'shop', secret: 'x' } };
const filters: [include: string[], exclude: string[], shown: boolean][] = [
  [[], [], true],
  [['web-*'], [], true],
  [['db-*'], [], false],
  [['db-*', 'image=nginx:*'], [], true],
  [[], ['label=team=shop'], false],
  [[], ['label=team=other'], true],
  [[], ['label=team'], false],
  [['label=team'], [], true],
  [['web-*'], ['image=nginx:*'], false],
];
for (const [include, exclude, shown] of filters) {
  t.test(`include ${include.join()} exclude ${exclude.join()}: ${shown ? 'shown' : 'hidden'}`, async t => {
    const parsed = { include: include.map(parseContainerFilter), exclude: exclude.map(parseContainerFilter) };
    const inventory = settled(parsed, web);
    t.equal(inventory.containers().length, shown ? 1 : 0);
    t.ok(inventory.knows(id), 'a hidden one is known, and not inspected again');
    t.same(inventory.applyList([listed()], 0).inspect, []);
  });
}

t.test('confined.ignore hides', async t => {
  t.equal(settled(NO_FILTERS, { labels: { 'confined.ignore': 'true' } }).containers().length, 0);
  t.equal(settled(NO_FILTERS, { labels: { 'confined.ignore': 'false' } }).containers().length, 1);
});

t.test('a rename can hide a container', async t => {
  const inventory = settled({ include: [], exclude: [parseContainerFilter('tmp-*')] });
  t.equal(inventory.containers().length, 1);
  inventory.applyInspect(inspected({ name: 'tmp-1' }));
  t.equal(inventory.containers().length, 0);
});

t.test('whatever events came before, a list and its inspects end in the same set', async t => {
  const action = fc.constantFrom(...Object.keys(EVENT_DECISIONS), 'exec_die');
  const event = fc.record({
    action,
    id: fc.integer({ min: 1, max: 5 }).map(fakeId),
    timeSeconds: fc.constant(1),
  });
  const present = fc.uniqueArray(fc.integer({ min: 1, max: 5 }).map(fakeId));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(event), present, (events, ids) => {
        const inventory = new Inventory(NO_FILTERS);
        events.forEach(one => inventory.applyEvent(one));
        const { inspect } = inventory.applyList(
          ids.map(one => listed({ id: one })),
          inventory.beginList(),
        );
        inspect.forEach(one => inventory.applyInspect(inspected({ id: one })));
        const shown = inventory
          .containers()
          .map(container => container.id)
          .sort();
        return shown.join() === [...ids].sort().join();
      }),
    ),
  );
});
