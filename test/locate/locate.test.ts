import t from 'tap';
import { belongsTo, expectedPath, locateByMembership, locateByPath } from '../../src/locate/locate.js';
import { hierarchiesOf, HYBRID_MOUNTS, ID, locate, OTHER, V1_MOUNTS, V2_MOUNTS } from './support.js';

/** Paths on cgroup v2 as each runtime makes them, and the container's own part of them. */
const V2_PATHS: Record<string, [path: string, own?: string]> = {
  'cgroupfs driver': [`/docker/${ID}`],
  'systemd driver': [`/system.slice/docker-${ID}.scope`],
  'rootless, systemd driver': [`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`],
  'rootless, cgroupfs driver': [`/user.slice/user-1000.slice/user@1000.service/docker/${ID}`],
  'custom parent, cgroupfs driver': [`/tenants/shop/${ID}`],
  'custom parent, systemd driver': [`/tenants.slice/tenants-shop.slice/docker-${ID}.scope`],
  'a parent with colons': [`/a:b/c:d/${ID}`],
  podman: [`/machine.slice/libpod-${ID}.scope`],
  'podman with its inner cgroup': [
    `/machine.slice/libpod-${ID}.scope/container`,
    `/machine.slice/libpod-${ID}.scope`,
  ],
  'Kubernetes, systemd driver': [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0d0b7a80_4a5d.slice/docker-${ID}.scope`,
  ],
  'Kubernetes, cgroupfs driver': [`/kubepods/burstable/pod0d0b7a80-4a5d-4a3b-9f38-1f1d0e4f7a11/${ID}`],
  'Kubernetes, containerd': [`/kubepods.slice/kubepods-pod0d0b7a80.slice/cri-containerd-${ID}.scope`],
  ECS: [`/ecs/shop/1f1d0e4f7a114a3b9f380d0b7a804a5d/${ID}`],
  'Docker in Docker, the first process in a child': [
    `/system.slice/docker-${ID}.scope/init`,
    `/system.slice/docker-${ID}.scope`,
  ],
  'systemd in a container': [`/docker/${ID}/init.scope`, `/docker/${ID}`],
  'a container in a container': [`/docker/${OTHER}/docker/${ID}`],
  'the outer of two': [`/docker/${ID}/docker/${OTHER}`, `/docker/${ID}`],
};

for (const [layout, [path, own = path]] of Object.entries(V2_PATHS))
  t.test(`cgroup v2: ${layout}`, async t => {
    t.strictSame(locate(`0::${path}\n`, hierarchiesOf(V2_MOUNTS)), {
      path: own,
      controllers: new Map(),
      unified: `/sys/fs/cgroup${own}`,
    });
  });

t.test('cgroup v1: each controller has its directory, also those mounted together', async t => {
  for (const own of [`/docker/${ID}`, `/system.slice/docker-${ID}.scope`, `/tenants/shop/${ID}`]) {
    const cgroup = `12:net_cls,net_prio:${own}\n9:pids:${own}\n5:cpu,cpuacct:${own}\n4:blkio:${own}\n3:memory:${own}\n1:name=systemd:${own}\n`;
    const location = locate(cgroup, hierarchiesOf(V1_MOUNTS));
    t.equal(location?.path, own);
    t.equal(location?.unified, undefined);
    t.match(
      Object.fromEntries(location?.controllers ?? []),
      {
        cpu: `/sys/fs/cgroup/cpu,cpuacct${own}`,
        cpuacct: `/sys/fs/cgroup/cpu,cpuacct${own}`,
        memory: `/sys/fs/cgroup/memory${own}`,
        blkio: `/sys/fs/cgroup/blkio${own}`,
        pids: `/sys/fs/cgroup/pids${own}`,
        'name=systemd': `/sys/fs/cgroup/systemd${own}`,
      },
      own,
    );
  }
});

t.test('hybrid: controllers of v1 and the directory in the v2 tree', async t => {
  const own = `/docker/${ID}`;
  const location = locate(
    `4:name=systemd:${own}\n3:memory:${own}\n2:cpuacct:${own}\n1:cpu:${own}\n0::${own}\n`,
    hierarchiesOf(HYBRID_MOUNTS),
  );
  t.equal(location?.path, own);
  t.equal(location?.unified, `/sys/fs/cgroup/unified${own}`);
  t.equal(location?.controllers.get('cpu'), `/sys/fs/cgroup/cpu${own}`);
  t.equal(location?.controllers.get('cpuacct'), `/sys/fs/cgroup/cpuacct${own}`);
  t.equal(location?.controllers.get('memory'), `/sys/fs/cgroup/memory${own}`);
  t.notOk(location?.controllers.has('pids'), 'a controller that is not mounted has no directory');
});

t.test('hybrid: Docker without a cgroup in the v2 tree, and a child in one hierarchy only', async t => {
  const own = `/docker/${ID}`;
  const location = locate(`3:memory:${own}\n1:cpu:${own}/init\n0::/\n`, hierarchiesOf(HYBRID_MOUNTS));
  t.equal(location?.unified, undefined);
  t.equal(location?.controllers.get('cpu'), `/sys/fs/cgroup/cpu${own}`);
});

t.test('the host’s mounts are seen where --path.cgroupfs says', async t => {
  const location = locate(`0::/docker/${ID}\n`, hierarchiesOf(V2_MOUNTS, '/host/cgroup'));
  t.equal(location?.unified, `/host/cgroup/docker/${ID}`);
});

t.test('a mount that shows a part of its hierarchy', async t => {
  const hierarchies = hierarchiesOf('30 23 0:26 /tenants /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n');
  t.strictSame(locate(`0::/tenants/${ID}\n`, hierarchies), {
    path: `/tenants/${ID}`,
    controllers: new Map(),
    unified: `/sys/fs/cgroup/${ID}`,
  });
  t.equal(locate(`0::/docker/${ID}\n`, hierarchies), undefined, 'outside of what is mounted');
  t.equal(locate(`0::/tenants2/${ID}\n`, hierarchies), undefined, 'a name that only starts alike');
  const own = hierarchiesOf(`30 23 0:26 /docker/${ID} /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n`);
  t.equal(locate(`0::/docker/${ID}\n`, own)?.unified, '/sys/fs/cgroup', 'the container’s own mount');
});

t.test('in a cgroup namespace of its own, this process sees paths that lead out of it', async t => {
  for (const path of [`/../docker-${ID}.scope`, `/../../docker/${ID}`, '/../..', '/..'])
    t.equal(locate(`0::${path}\n`, hierarchiesOf(V2_MOUNTS)), undefined, path);
});

t.test('a process that is no longer the container’s', async t => {
  const hierarchies = hierarchiesOf(V2_MOUNTS);
  t.equal(locate(`0::/docker/${OTHER}\n`, hierarchies), undefined, 'another container’s');
  t.equal(locate('0::/user.slice/session-1.scope\n', hierarchies), undefined, 'no container’s');
  t.equal(locate('', hierarchies), undefined);
  t.equal(locate(`0::/docker/${ID}\n`, []), undefined, 'a host without cgroups');
});

t.test('a path counts in every hierarchy', async t => {
  t.strictSame(locateByPath('/', hierarchiesOf(V2_MOUNTS)), {
    path: '/',
    controllers: new Map(),
    unified: '/sys/fs/cgroup',
  });
  const location = locateByPath(`/docker/${ID}`, hierarchiesOf(HYBRID_MOUNTS));
  t.equal(location?.controllers.get('memory'), `/sys/fs/cgroup/memory/docker/${ID}`);
  t.equal(location?.unified, `/sys/fs/cgroup/unified/docker/${ID}`);
  t.equal(locateByPath('/', []), undefined);
});

/** Where a container is that does not run: the same path as when it does. */
const EXPECTED: [driver: string | undefined, parent: string | undefined, path: string][] = [
  ['cgroupfs', undefined, `/docker/${ID}`],
  ['cgroupfs', '', `/docker/${ID}`],
  ['cgroupfs', '/tenants/shop', `/tenants/shop/${ID}`],
  ['cgroupfs', 'tenants/shop', `/tenants/shop/${ID}`],
  ['cgroupfs', '/tenants/', `/tenants/${ID}`],
  ['cgroupfs', '/', `/${ID}`],
  ['systemd', undefined, `/system.slice/docker-${ID}.scope`],
  ['systemd', '', `/system.slice/docker-${ID}.scope`],
  ['systemd', 'tenants.slice', `/tenants.slice/docker-${ID}.scope`],
  [
    'systemd',
    'tenants-shop-eu.slice',
    `/tenants.slice/tenants-shop.slice/tenants-shop-eu.slice/docker-${ID}.scope`,
  ],
  ['systemd', '-.slice', `/docker-${ID}.scope`],
  [undefined, undefined, `/docker/${ID}`],
];

for (const [driver, parent, path] of EXPECTED)
  t.equal(expectedPath(ID, driver, parent), path, `${driver} driver, parent ${parent}`);

t.test('a cgroup that a container made in the name of another one is its own', async t => {
  const [victim, attacker] = ['a'.repeat(64), 'b'.repeat(64)] as const;
  const hierarchies = [{ version: 2, controllers: [], directory: '/sys/fs/cgroup', root: '/' }] as const;
  const memberships = [{ hierarchyId: 0, controllers: [], path: `/docker/${attacker}/${victim}` }];
  const known = new Set([victim, attacker]);
  t.equal(locateByMembership(victim, memberships, hierarchies, known), undefined);
  t.equal(belongsTo(victim, memberships, known), false);
  t.equal(locateByMembership(attacker, memberships, hierarchies, known)?.path, `/docker/${attacker}`);
});
