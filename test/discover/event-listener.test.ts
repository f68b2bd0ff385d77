import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { eventOf, fakeId, json, type FakeDockerApi } from '../support/fake-docker-api.js';
import { find, names, startApi, startDiscovery, until } from './harness.js';

/** No reconcile by the clock within a test: what is seen was told by events. */
const EVENTS_ONLY = { reconcileSeconds: 3600 };

for (const [name, breakStream] of Object.entries({
  'fault 15: ends': (api: FakeDockerApi) => api.endStreams(),
  'fault 16: is reset': (api: FakeDockerApi) => api.resetStreams(),
  'fault 18: sends a garbage line': (api: FakeDockerApi) => api.emitRaw('garbage\n'),
  'fault 18: sends a line of 10 MB': (api: FakeDockerApi) => api.emitRaw('x'.repeat(10 * 1024 * 1024)),
})) {
  t.test(`the event stream ${name}: another is opened, and what was missed is listed`, async t => {
    const api = await startApi(t);
    const { discovery, observed } = await startDiscovery(t, api, EVENTS_ONLY);
    breakStream(api);
    api.add(1);
    await until('there is a new stream', () => api.streams === 1 && api.count('/events') === 2);
    await until('what was missed is known', () => discovery.containers().length === 1);
    // The list that follows a new stream is over then, and no other is due: what is seen now was told.
    await delay(200);
    api.emit('create', api.add(2).id);
    await until('the new stream is listened to', () => discovery.containers().length === 2);
    t.same(observed.streams, [true, false, true]);
  });
}

t.test(
  'fault 17: a stream that is open at this end alone is replaced once a list tells more than it',
  async t => {
    const api = await startApi(t);
    const { discovery } = await startDiscovery(t, api);
    await until('the stream was silent for a while', () => api.count('/containers/json') > 2);
    t.equal(api.count('/events'), 1, 'silence alone is no fault');
    api.add(1);
    await until('there is a second stream', () => api.count('/events') === 2);
    t.equal(discovery.containers().length, 1);
  },
);

t.test('fault 18: an event in pieces, cut inside a character', async t => {
  const api = await startApi(t);
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  const { id } = api.add(1);
  const line = Buffer.from(`${JSON.stringify({ ...eventOf('start', id), note: 'é' })}\n`);
  const middle = line.indexOf(0xc3) + 1;
  api.emitRaw(line.subarray(0, middle));
  await delay(30);
  t.equal(discovery.containers().length, 0);
  api.emitRaw(line.subarray(middle));
  await until('the event is understood', () => discovery.containers().length === 1);
});

t.test('fault 19: a flood of 10,000 exec events costs no request', async t => {
  const api = await startApi(t);
  const { id } = api.add(1);
  const { observed } = await startDiscovery(t, api, EVENTS_ONLY);
  const line = `${JSON.stringify(eventOf('exec_start: /bin/sh -c "echo secret"', id))}\n`;
  api.emitRaw(line.repeat(10_000));
  await until('all are read', () => observed.events.length === 10_000);
  t.equal(api.count(id), 1);
  t.same([...new Set(observed.events)], ['exec_start'], 'the command line is no label');
});

t.test('fault 19: a storm of events about one container is answered by few inspects', async t => {
  const api = await startApi(t);
  const { id } = api.add(1);
  const { observed } = await startDiscovery(t, api, EVENTS_ONLY);
  api.emitRaw(`${JSON.stringify(eventOf('update', id))}\n`.repeat(2000));
  await until('all are read', () => observed.events.length === 2000);
  await delay(50);
  t.ok(api.count(id) < 100, `${api.count(id)} inspects`);
});

t.test('fault 19: of exec events the daemon is asked for the start alone', async t => {
  const api = await startApi(t);
  await startDiscovery(t, api);
  const target = api.requests.find(text => text.startsWith('/events')) ?? '';
  const filters: unknown = JSON.parse(new URL(target, 'http://d').searchParams.get('filters') ?? '');
  t.match(filters, { type: ['container'] });
  t.notMatch(target, /exec_(create|die|detach)/);
});

t.test('fault 20: a container that starts while the list is under way', async t => {
  const api = await startApi(t);
  api.script.set('list', (response, request) => {
    const old = api.usual('list');
    const { id } = api.add(7);
    api.emit('create', id);
    api.script.delete('list');
    setTimeout(() => json(old)(response, request), 100);
  });
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  t.same(names(discovery), ['container-7'], 'the old list does not take it away again');
});

t.test('fault 20: a replay repeats events; the end is the same', async t => {
  const api = await startApi(t);
  const { id } = api.add(1);
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  const gone = fakeId(2);
  for (let round = 0; round < 3; round += 1) {
    for (const action of ['create', 'start', 'die', 'destroy']) {
      api.emit(action, gone);
    }
    api.emit('start', id);
  }
  await until('it is inspected again', () => api.count(id) >= 2);
  await delay(50);
  t.same(names(discovery), ['container-1']);
  t.equal(discovery.containers()[0]?.restarts, 0);
});

t.test('fault 20: a new stream starts a second before the last event', async t => {
  const api = await startApi(t);
  const { observed } = await startDiscovery(t, api, EVENTS_ONLY);
  const event = { ...eventOf('die', fakeId(1)), time: 1795472428 };
  api.emitRaw(`${JSON.stringify(event)}\n`);
  await until('it is read', () => observed.events.length === 1);
  api.endStreams();
  await until('there is a new stream', () => api.count('/events') === 2);
  t.equal(api.count('since=1795472427'), 1);
});

t.test('fault 20: more events missed than Docker remembers: the list tells', async t => {
  const api = await startApi(t);
  for (let number = 1; number <= 300; number += 1) {
    api.add(number);
  }
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  api.containers.clear();
  for (let number = 301; number <= 600; number += 1) {
    api.add(number);
  }
  api.endStreams();
  await until('the new ones are known', () => find(discovery, 'container-600') !== undefined);
  await until('all are', () => discovery.containers().length === 300);
  t.equal(find(discovery, 'container-1'), undefined);
});

t.test('fault 21: after a restart of the daemon everything is inspected anew', async t => {
  const api = await startApi(t);
  const container = api.add(1);
  const { discovery } = await startDiscovery(t, api, EVENTS_ONLY);
  await api.stop();
  await until('the end is noticed at once', () => !discovery.dockerUp);
  container.startedAt = '2026-11-23T23:00:00Z';
  await api.start();
  await until('the restart is counted', () => discovery.containers()[0]?.restarts === 1);
});

t.test('fault 22: 1000 lost streams leave no connection and no listener behind', async t => {
  const api = await startApi(t);
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on('warning', onWarning);
  t.teardown(() => process.removeListener('warning', onWarning));
  let streams = 0;
  api.script.set('events', response => {
    streams += 1;
    api.openStream(response);
    response.end();
  });
  await startDiscovery(t, api, { ...EVENTS_ONLY, retry: { minSeconds: 0.0001, maxSeconds: 0.0002 } });
  await until('a thousand streams were lost', () => streams >= 1000);
  t.ok(api.connections <= 4, `${api.connections} connections`);
  t.same(warnings, []);
});

t.test('fault 22: a stream that ends at once is not opened again at once', async t => {
  const api = await startApi(t);
  api.script.set('events', response => {
    api.openStream(response);
    response.end();
  });
  await startDiscovery(t, api, { ...EVENTS_ONLY, retry: { minSeconds: 0.05, maxSeconds: 10 } });
  await delay(1000);
  // Pauses of at least 0.05, 0.1, 0.2, 0.4, 0.8 s.
  t.ok(api.count('/events') <= 6, `${api.count('/events')} streams`);
  t.ok(api.count('/containers/json') <= 14, `${api.count('/containers/json')} lists`);
});

t.test(
  'fault 23: a daemon on another host names processes that are not here; they are passed on',
  async t => {
    const api = await startApi(t);
    api.add(1, { pid: 4_000_000 });
    const { discovery } = await startDiscovery(t, api);
    t.equal(discovery.containers()[0]?.pid, 4_000_000);
  },
);
