import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { fakeId, hang, html, json, reset, trickle, truncated } from '../support/fake-docker-api.js';
import { FakeDockerApi } from '../support/fake-docker-api.js';
import { find, names, prepareDiscovery, startApi, startDiscovery, until } from './harness.js';

/** No reconcile by the clock within a test: what is seen was told by events. */
const EVENTS_ONLY = { reconcileSeconds: 3600 };

t.test('the first attempt ends with a complete inventory', async t => {
  const api = await startApi(t);
  for (let number = 1; number <= 100; number += 1) {
    api.add(number);
  }
  const { discovery, observed } = await startDiscovery(t, api);
  t.equal(discovery.containers().length, 100);
  t.ok(discovery.dockerUp);
  t.match(discovery.dockerHost, { version: '20.10.24', cgroupDriver: 'systemd' });
  t.ok(api.mostParallelInspects <= 8, 'a few inspects at a time');
  t.same(observed.up, [true]);
  t.same(observed.log, [`info Docker 20.10.24 answers at ${api.host}`]);
});

t.test('events are subscribed to before the list, and nothing is inspected twice', async t => {
  const api = await startApi(t);
  api.add(1);
  await startDiscovery(t, api, EVENTS_ONLY);
  const order = api.requests.map(target => target.replace(/\?.*/, ''));
  t.ok(order.indexOf('/events') < order.indexOf('/containers/json'));
  await delay(100);
  t.equal(api.count('/containers/json'), 1);
  t.equal(api.count(fakeId(1)), 1);
});

t.test('an unchanged container is not inspected again by a reconcile', async t => {
  const api = await startApi(t);
  api.add(1);
  const { observed } = await startDiscovery(t, api, { reconcileSeconds: 0.02 });
  await until('five reconciles', () => observed.reconciles >= 5);
  t.equal(api.count(fakeId(1)), 1);
});

t.test('a life told by events', async t => {
  const api = await startApi(t);
  const { discovery, observed } = await startDiscovery(t, api, EVENTS_ONLY);
  const container = api.add(1, { name: 'web', state: 'created' });
  api.emit('create', container.id);
  await until('it is there', () => find(discovery, 'web')?.state === 'created');
  container.state = 'running';
  api.emit('start', container.id);
  await until('it runs', () => find(discovery, 'web')?.pid === 1001);
  container.name = 'shop';
  api.emit('rename', container.id);
  await until('it has its new name', () => find(discovery, 'shop') !== undefined);
  container.startedAt = '2026-11-23T22:30:00Z';
  api.emit('restart', container.id);
  await until('the restart is counted', () => find(discovery, 'shop')?.restarts === 1);
  api.emit('destroy', container.id);
  await until('it is gone', () => discovery.containers().length === 0);
  t.same([...new Set(observed.updates)], [container.id]);
  t.same(observed.events, ['create', 'start', 'rename', 'restart', 'destroy']);
});

t.test('docker update is told to who listens', async t => {
  const api = await startApi(t);
  const { id } = api.add(1);
  const { observed } = await startDiscovery(t, api, EVENTS_ONLY);
  observed.updates.length = 0;
  api.emit('update', id);
  await until('the update is told', () => observed.updates.length === 1);
  t.same(observed.updates, [id]);
});

t.test('docker exec is told to who listens, and inspects nothing', async t => {
  const api = await startApi(t);
  const { id } = api.add(1);
  const { observed } = await startDiscovery(t, api, EVENTS_ONLY);
  observed.updates.length = 0;
  const inspects = api.count(id);
  api.emit('exec_create: sh', id);
  api.emit('exec_start: sh', id);
  await until('the process is told', () => observed.processes.length === 1);
  t.same(observed.processes, [id]);
  t.same(observed.updates, []);
  t.equal(api.count(id), inspects);
});

t.test('fault 1: no socket at the start; it appears later', async t => {
  const api = new FakeDockerApi();
  t.teardown(() => api.destroy());
  api.add(1);
  const { discovery, observed } = await startDiscovery(t, api);
  t.same(discovery.containers(), []);
  t.notOk(discovery.dockerUp);
  await api.start();
  await until('it is taken up', () => discovery.containers().length === 1);
  t.same(observed.up, [false, true]);
  t.match(observed.log, [/^warn no Docker socket at .*; trying again until it answers$/, /^info Docker 20/]);
});

t.test('fault 3: the daemon is down; its containers stay and the log says so once', async t => {
  const api = await startApi(t);
  api.add(1);
  const { discovery, observed } = await startDiscovery(t, api);
  await api.stop();
  writeFileSync(api.socketPath, '');
  await until('the failure is seen', () => !discovery.dockerUp);
  await until(
    'it is tried again',
    () => observed.requests.filter(text => text.endsWith('refused')).length > 5,
  );
  t.equal(discovery.containers().length, 1);
  t.equal(observed.log.filter(line => line.includes('nothing listens')).length, 1);
  await api.stop();
  await api.start();
  await until('it is up again', () => discovery.dockerUp);
  t.equal(discovery.containers().length, 1);
});

const listFaults = {
  'fault 4: a daemon that hangs': hang,
  'fault 5: a body that trickles': trickle,
  'fault 6: a body cut short': truncated({ close: false }),
  'fault 7: HTML': html(200),
  'fault 7: null': json(null),
  'fault 7: an object': json({}),
  'fault 8: 500': json({ message: 'no' }, 500),
  'fault 8: 502 in HTML': html(502),
  'a reset': reset,
};
for (const [name, answer] of Object.entries(listFaults)) {
  t.test(
    `${name} instead of a list: the last known containers stay, and the next good list counts`,
    async t => {
      const api = await startApi(t);
      api.add(1);
      const { discovery, observed } = await startDiscovery(t, api, { timeoutSeconds: 1 });
      api.script.set('list', answer);
      await until('the failure is seen', () => !discovery.dockerUp);
      t.same(names(discovery), ['container-1']);
      api.add(2);
      api.script.delete('list');
      await until('it is up again', () => discovery.dockerUp && discovery.containers().length === 2);
      t.same(observed.up.slice(0, 3), [true, false, true]);
    },
  );
}

t.test('fault 4: a daemon that hangs from the start does not hold up the start', async t => {
  const api = await startApi(t);
  for (const endpoint of ['version', 'info', 'list', 'inspect', 'events'] as const) {
    api.script.set(endpoint, hang);
  }
  const began = Date.now();
  const { discovery } = await startDiscovery(t, api, { timeoutSeconds: 0.3 });
  t.ok(Date.now() - began < 9000, 'in time');
  t.same(discovery.containers(), []);
});

t.test('fault 8: a proxy that refuses /info, /version and /events leaves the containers', async t => {
  const api = await startApi(t);
  api.add(1);
  api.script.set('info', html(403)).set('version', html(403)).set('events', html(403));
  const { discovery, observed } = await startDiscovery(t, api);
  t.same(names(discovery), ['container-1']);
  t.ok(discovery.dockerUp);
  t.ok(observed.requests.includes('info 403'));
  api.add(2);
  await until('a list finds the next one', () => discovery.containers().length === 2);
});

t.test('fault 8: a proxy that refuses the list is not asked without pause', async t => {
  const api = await startApi(t);
  api.script.set('list', html(403));
  await startDiscovery(t, api);
  await delay(500);
  // Pauses of 0.02 s to 0.1 s: at most 5 + 500 / 50.
  t.ok(api.count('/containers/json') <= 15, `${api.count('/containers/json')} lists`);
});

t.test('fault 9: a container that goes between list and inspect is dropped', async t => {
  const api = await startApi(t);
  api.add(1);
  const ghost = api.add(2);
  api.script.set('inspect', (response, request) => {
    const id = request.url?.includes(ghost.id) === true ? '' : fakeId(1);
    const value = api.usual('inspect', id);
    json(value ?? { message: 'No such container' }, value === undefined ? 404 : 200)(response, request);
  });
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  t.same(names(discovery), ['container-1']);
});

t.test(
  'fault 10: a container in removal, whose inspect fails with 409, does not disturb the others',
  async t => {
    const api = await startApi(t);
    const leaving = api.add(1);
    api.add(2);
    const { discovery } = await startDiscovery(t, api);
    leaving.state = 'removing';
    api.script.set('inspect', json({ message: 'removal of container is already in progress' }, 409));
    const third = api.add(3);
    await until('its inspect failed', () => api.count(third.id) > 0);
    t.ok(discovery.dockerUp);
    t.same(names(discovery), ['container-1', 'container-2']);
    api.script.delete('inspect');
    api.containers.delete(leaving.id);
    await until('all is well', () => names(discovery).join() === 'container-2,container-3');
  },
);

t.test('fault 12: 5000 containers', async t => {
  const api = await startApi(t);
  for (let number = 1; number <= 5000; number += 1) {
    api.add(number);
  }
  const { discovery } = await startDiscovery(t, api, { ...EVENTS_ONLY, timeoutSeconds: 10 });
  await until('all are known', () => discovery.containers().length === 5000);
});

t.test('fault 13: names and labels of any text', async t => {
  const api = await startApi(t);
  const value = 'line\n"quoted" \\ \ud800 é';
  api.add(1, { name: 'w\u{d800}b', labels: { 'com.docker.compose.project': value, secret: 'swordfish' } });
  const { discovery } = await startDiscovery(t, api);
  const [container] = discovery.containers();
  t.equal(container?.name, 'w\u{fffd}b');
  t.same([...(container?.labels ?? [])], [['com.docker.compose.project', 'line\n"quoted" \\ \u{fffd} é']]);
});

t.test('fault 13: bytes that are no UTF-8', async t => {
  const api = await startApi(t);
  api.add(1);
  api.script.set('inspect', response => {
    const text = JSON.stringify(api.usual('inspect', fakeId(1))).replace('container-1', 'web~');
    const bytes = Buffer.from(text);
    bytes[bytes.indexOf('~')] = 0xff;
    response.end(bytes);
  });
  const { discovery } = await startDiscovery(t, api);
  t.same(names(discovery), ['web\u{fffd}']);
});

t.test('fault 14: two containers swap their names', async t => {
  const api = await startApi(t);
  const [one, two] = [api.add(1, { name: 'blue' }), api.add(2, { name: 'green' })];
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  [one.name, two.name] = ['green', 'blue'];
  api.emit('rename', one.id);
  await until('both have one name', () => names(discovery).join() === 'green,green');
  api.emit('rename', two.id);
  await until('the names are swapped', () => find(discovery, 'blue')?.id === two.id);
  t.same(names(discovery), ['blue', 'green']);
});

t.test('a stop ends everything, also in the middle of an attempt', async t => {
  const api = await startApi(t);
  api.add(1);
  const { discovery } = await startDiscovery(t, api);
  await discovery.stop();
  await until('all connections are closed', () => api.connections === 0);
  api.script.set('version', hang);
  const { discovery: hanging } = prepareDiscovery(t, { dockerHost: api.host, timeoutSeconds: 60 });
  const started = hanging.start();
  await until('it asks', () => api.connections === 1);
  await hanging.stop();
  await started;
  await until('all connections are closed', () => api.connections === 0);
});
