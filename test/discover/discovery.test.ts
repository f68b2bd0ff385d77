import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { parseContainerFilter } from '../../src/config/container-filter.js';
import { FakeDockerApi, fakeId, hang } from '../support/fake-docker-api.js';
import { names, prepareDiscovery, startApi, until } from './harness.js';

/** Three containers in the cgroup tree. */
const cgroupTree = {
  containers: () => [1, 2, 3].map(number => ({ path: `/docker/${fakeId(number)}`, pid: number })),
};
const SHORT = '000000000000';

t.test('mode cgroup: the tree alone; Docker is not asked', async t => {
  const api = await startApi(t);
  api.add(1);
  const { discovery, observed } = prepareDiscovery(
    t,
    { mode: 'cgroup', dockerHost: api.host },
    { cgroupTree },
  );
  await discovery.start();
  t.same(names(discovery), [SHORT, SHORT, SHORT]);
  t.match(discovery.containers()[0], { id: fakeId(1), source: 'cgroup', state: 'running', pid: 1 });
  t.same(api.requests, []);
  t.same(observed.up, []);
  t.same(observed.log, ['info containers are found in the cgroup tree, by id and without names']);
});

t.test('which containers are known, be they shown or not, and where the runtime listens', async t => {
  const api = await startApi(t);
  api.add(1, { labels: { 'confined.ignore': 'true' } });
  const { discovery } = prepareDiscovery(t, { dockerHost: api.host });
  await discovery.start();
  t.same(discovery.containers(), []);
  t.equal(discovery.knows(fakeId(1)), true);
  t.equal(discovery.knows(fakeId(2)), false);
  t.equal(`unix://${discovery.runtimeSocket}`, api.host);
  const { discovery: tree } = prepareDiscovery(t, { mode: 'cgroup' }, { cgroupTree });
  t.equal(tree.knows(fakeId(9)), true, 'the tree shows all that there are');
  t.equal(tree.runtimeSocket, undefined);
  const socketExists = (): boolean => false;
  const { discovery: auto } = prepareDiscovery(t, { mode: 'auto' }, { cgroupTree, socketExists });
  t.equal(auto.knows(fakeId(9)), true, 'nobody can say, without Docker, that it is not');
  t.equal(auto.runtimeSocket, undefined);
});

t.test('mode cgroup: the filters hold there as well', async t => {
  const filters = { include: [parseContainerFilter('web*')], exclude: [] };
  const { discovery } = prepareDiscovery(t, { mode: 'cgroup', filters }, { cgroupTree });
  t.same(discovery.containers(), []);
});

t.test(
  'mode docker: without Docker there are no containers, and the log says what is looked for',
  async t => {
    const { discovery, observed } = prepareDiscovery(t, {}, { cgroupTree, socketExists: () => false });
    await discovery.start();
    t.same(discovery.containers(), []);
    t.same(observed.log, [
      'warn no Docker socket: looked at /var/run/docker.sock, /nonexistent/.docker/run/docker.sock, ' +
        '/run/podman/podman.sock; start Docker or name its socket with --docker.host; trying again until it answers',
    ]);
    t.same(observed.requests, ['version missing']);
  },
);

t.test(
  'mode auto: the cgroup tree until Docker appears, then Docker, with one line of log for each',
  async t => {
    const api = new FakeDockerApi();
    t.teardown(() => api.destroy());
    api.add(1, { name: 'web' });
    api.add(2, { name: 'hidden', labels: { 'confined.ignore': 'true' } });
    const options = { mode: 'auto' as const, dockerHost: api.host };
    const { discovery, observed } = prepareDiscovery(t, options, { cgroupTree });
    await discovery.start();
    t.same(names(discovery), [SHORT, SHORT, SHORT]);
    await delay(200);
    await api.start();
    await until('Docker is taken up', () => names(discovery).join() === 'web');
    t.equal(observed.log.length, 2);
    t.match(observed.log, [
      /^info no Docker socket at unix:.*containers are found in the cgroup tree/,
      /^info Docker/,
    ]);
  },
);

t.test(
  'mode auto: while Docker is away again, names stay, hidden ones stay hidden, unknown ones show',
  async t => {
    const api = await startApi(t);
    api.add(1, { name: 'web' });
    api.add(2, { name: 'hidden', labels: { 'confined.ignore': 'true' } });
    const options = { mode: 'auto' as const, dockerHost: api.host };
    const { discovery, observed } = prepareDiscovery(t, options, { cgroupTree });
    await discovery.start();
    t.same(names(discovery), ['web']);
    await api.stop();
    await until('the end is noticed', () => !discovery.dockerUp);
    t.same(names(discovery), [SHORT, 'web']);
    t.match(
      observed.log[1],
      /^warn no Docker socket.*; until it answers, the containers known last are watched on$/,
    );
  },
);

t.test('mode auto: a Docker that hangs leaves the cgroup tree', async t => {
  const api = await startApi(t);
  api.script.set('version', hang);
  const options = { mode: 'auto' as const, dockerHost: api.host, timeoutSeconds: 0.2 };
  const { discovery, observed } = prepareDiscovery(t, options, { cgroupTree });
  await discovery.start();
  t.equal(discovery.containers().length, 3);
  t.match(observed.log, [/^warn GET \/version at unix:.* was not answered in full within 0\.2 s/]);
});
