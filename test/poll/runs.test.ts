import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { found, openScene, sampleNamed } from './support.js';
import type { Scene } from './support.js';

const HOST = 'v2-systemd-apparmor';

const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

t.test('a pid that is another container’s by now is not read under the wrong name', async t => {
  const scene = await openScene(t, HOST);
  const [web, debug] = [scene.named('web'), scene.named('debug')];
  // Docker still says that the pid is web's, but the kernel has given it to a process of debug.
  const reused = { ...web, pid: found(debug.pid) };
  scene.inventory.list = scene.inventory.list.map(one => (one === web ? reused : one));
  const snapshot = await scene.poll();
  const sample = sampleNamed(snapshot, 'web');
  t.equal(sample.confinement?.all.seccompMode, 2, 'debug has no seccomp: web must not seem to');
  t.equal(sample.network, undefined);
  t.equal(sample.cgroupPath, `/system.slice/docker-${web.id}.scope`, 'its cgroup is found by its name');
  t.ok(sample.memory?.usageBytes);
  t.ok(scene.reports.includes('processNotFound web'));
  t.equal(sampleNamed(snapshot, 'debug').confinement?.init?.seccompMode, 0);
});

t.test('past the budget of open files, a pid that is reused between polls is noticed too', async t => {
  const scene = await openScene(t, HOST, { heldFiles: 0 });
  const [web, debug] = [scene.named('web'), scene.named('debug')];
  t.equal(sampleNamed(await scene.poll(), 'web').confinement?.init?.seccompMode, 2);
  const proc = join(scene.host.procfs, String(web.pid));
  for (const file of ['cgroup', 'status'])
    writeFileSync(join(proc, file), readFileSync(join(scene.host.procfs, String(debug.pid), file)));
  for (const _ of [1, 2]) {
    const { confinement } = sampleNamed(await scene.poll(), 'web');
    t.equal(confinement?.init, undefined);
    t.equal(confinement?.all.seccompMode, undefined);
    t.equal(confinement?.unverified.has('seccomp'), true);
  }
});

t.test('a restart is read anew, and the descriptors of the run before are given back', async t => {
  const scene = await openScene(t, HOST);
  await scene.poll();
  const { held } = scene.files;
  const open = openDescriptors();
  t.ok(held > 0);
  const web = scene.named('web');
  for (let restart = 1; restart <= 3; restart += 1) {
    const again = { ...web, startedAtSeconds: 2_000_000_000 + restart };
    scene.inventory.list = scene.inventory.list.map(one => (one.id === web.id ? again : one));
    const sample = sampleNamed(await scene.poll(), 'web');
    t.equal(sample.startedAtSeconds, 2_000_000_000 + restart);
    t.ok(sample.memory?.usageBytes);
    t.equal(scene.files.held, held);
    t.equal(openDescriptors(), open);
  }
});

t.test(
  'the descriptors of a container that is gone or stopped are given back, and of all at the end',
  async t => {
    const before = openDescriptors();
    const scene = await openScene(t, HOST);
    await scene.poll();
    const web = scene.named('web');
    const perContainer = scene.files.held;
    scene.inventory.list = scene.inventory.list.filter(one => one !== web);
    await scene.poll();
    t.ok(scene.files.held < perContainer);
    const { pid: _pid, ...stopped } = scene.named('db');
    scene.inventory.list = [{ ...stopped, state: 'exited' }];
    const snapshot = await scene.poll();
    t.equal(snapshot.containers[0]?.memory, undefined);
    t.equal(scene.files.held, 0);
    await scene.poller.close();
    // One for the socket of the recorded Docker.
    t.ok(openDescriptors() <= before + 2);
  },
);

t.test('everything can be read with few descriptors, or none', async t => {
  const many = await openScene(t, HOST);
  const few = await openScene(t, HOST, { heldFiles: 10 });
  const none = await openScene(t, HOST, { heldFiles: 0 });
  const withoutContainers = async (scene: Scene): Promise<unknown> =>
    (await scene.poll()).containers.map(({ container, ...rest }) => [container?.id, rest]);
  const expected = await withoutContainers(many);
  t.strictSame(await withoutContainers(few), expected);
  t.equal(few.files.held, 10);
  t.strictSame(await withoutContainers(none), expected);
  t.equal(none.files.held, 0);
});

t.test('from a cgroup namespace of its own, containers are found by searching the tree', async t => {
  const scene = await openScene(t, HOST);
  const proc = scene.host.procfs;
  // As the kernel shows these files to a reader two cgroups below the root (cgroup_namespaces(7)).
  const mountinfo = readFileSync(join(proc, '1/mountinfo'), 'utf8');
  writeFileSync(
    join(proc, '1/mountinfo'),
    mountinfo.replaceAll(/ \/ (\/sys\/fs\/cgroup \S+ .*- cgroup2 )/g, ' /../.. $1'),
  );
  for (const { id, pid } of scene.inventory.list)
    if (pid !== undefined) writeFileSync(join(proc, String(pid), 'cgroup'), `0::/../docker-${id}.scope\n`);
  const web = sampleNamed(await scene.poll(), 'web');
  t.match(readFileSync(join(proc, '1/mountinfo'), 'utf8'), ' /../.. /sys/fs/cgroup ');
  t.equal(web.cgroupPath, `/system.slice/docker-${scene.named('web').id}.scope`);
  t.ok(web.memory?.usageBytes);
  t.equal(web.confinement?.init?.seccompMode, 2, 'its first process is known by the id in its path');
  t.ok(web.network?.interfaces.length);
});
