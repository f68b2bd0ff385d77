import t from 'tap';
import { findCgroupContainers } from '../../src/discover/cgroup-discovery.js';

const id = 'b2dfdd066678a2dc59127c914e42e32deb3353e208e6a2aa18d610f9b78ca1c9';

t.test('one container for each id, with the first process that is known', async t => {
  const tree = {
    containers: () => [
      { path: '/init.scope', pid: 1 },
      { path: `/docker/${id}`, pid: undefined },
      { path: `/docker/${id}/init`, pid: 7 },
      { path: `/docker/${id}/worker`, pid: 8 },
    ],
  };
  t.same(findCgroupContainers(tree), [
    {
      id,
      name: 'b2dfdd066678',
      image: '',
      labels: new Map(),
      state: 'running',
      pid: 7,
      configuration: {},
      source: 'cgroup',
    },
  ]);
});

t.test('a container without a visible process', async t => {
  const [container] = findCgroupContainers({ containers: () => [{ path: `/docker/${id}`, pid: undefined }] });
  t.equal(container?.id, id);
  t.notOk('pid' in (container ?? {}));
});
