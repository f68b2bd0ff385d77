import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { manifoldId, multiplyContainers } from '../support/many-containers.js';
import { container } from '../support/container.js';
import { cgroupOf, openScene, sampleNamed } from './support.js';

const HOST = 'v2-systemd-apparmor';

t.test('every container has a sample, running ones with what their files say', async t => {
  const scene = await openScene(t, HOST);
  const snapshot = await scene.poll();
  t.equal(snapshot.containers.length, scene.inventory.list.length);
  t.equal(snapshot.takenAtSeconds, scene.host.recordedAtSeconds);
  const web = sampleNamed(snapshot, 'web');
  const current = readFileSync(join(cgroupOf(scene, 'web'), 'memory.current'), 'utf8');
  t.equal(web.memory?.usageBytes, Number(current));
  t.equal(web.cgroupPath, `/system.slice/docker-${scene.named('web').id}.scope`);
  t.equal(web.sampledAtSeconds, scene.host.recordedAtSeconds);
  t.equal(web.confinement?.init?.seccompMode, 2);
});

t.test('a container that does not run has its identity alone, under the path that it would have', async t => {
  const scene = await openScene(t, HOST);
  const { container, cgroupPath, startedAtSeconds, ...rest } = sampleNamed(await scene.poll(), 'oom');
  t.equal(container, scene.named('oom'));
  t.equal(cgroupPath, `/system.slice/docker-${scene.named('oom').id}.scope`);
  t.equal(startedAtSeconds, scene.named('oom').startedAtSeconds);
  t.strictSame(
    Object.values(rest).filter(value => value !== undefined),
    [],
  );
  const other = await openScene(t, HOST);
  other.inventory.cgroupDriver = 'cgroupfs';
  other.inventory.list = [other.named('oom')];
  t.equal(sampleNamed(await other.poll(), 'oom').cgroupPath, `/docker/${other.named('oom').id}`);
});

t.test('whoever asks during a poll shares it', async t => {
  const scene = await openScene(t, HOST);
  const [one, other] = await Promise.all([scene.poller.snapshot(0), scene.poller.snapshot(10)]);
  t.equal(one, other);
  t.equal(scene.reports.filter(report => report === 'polled').length, 1);
  t.equal(scene.poller.latest, one);
});

t.test('a snapshot is taken anew when it is older than was asked for', async t => {
  const scene = await openScene(t, HOST);
  t.equal(scene.poller.ageSeconds(), Infinity);
  t.equal(scene.poller.latest, undefined);
  const first = await scene.poller.snapshot(5);
  t.equal(scene.poller.ageSeconds(), 0);
  scene.time.seconds += 4;
  t.equal(await scene.poller.snapshot(5), first);
  t.equal(scene.poller.ageSeconds(), 4);
  scene.time.seconds += 1;
  t.not(await scene.poller.snapshot(5), first);
  t.equal(scene.poller.ageSeconds(), 0);
});

t.test('values are those of the poll', async t => {
  const scene = await openScene(t, HOST);
  await scene.poll();
  writeFileSync(join(cgroupOf(scene, 'web'), 'memory.current'), '12345678\n');
  t.equal(sampleNamed(await scene.poll(), 'web').memory?.usageBytes, 12_345_678);
});

t.test('what rarely changes is read when its turn comes, or when it is asked for', async t => {
  const scene = await openScene(t, HOST);
  const weight = join(cgroupOf(scene, 'web'), 'cpu.weight');
  const shares = async (): Promise<number | undefined> => sampleNamed(await scene.poll(), 'web').cpu?.shares;
  writeFileSync(weight, '1\n');
  t.equal(await shares(), 2);
  writeFileSync(weight, '10000\n');
  t.equal(await shares(), 262_144, 'twice at first: a runtime may set limits after the start');
  writeFileSync(weight, '1\n');
  t.equal(await shares(), 262_144, 'not its turn');
  scene.time.seconds += 43;
  t.equal(await shares(), 262_144, 'never earlier than after three quarters of the interval');
  scene.time.seconds += 32;
  t.equal(await shares(), 2, 'at the latest after five quarters');
  writeFileSync(weight, '10000\n');
  t.equal(await shares(), 2);
  scene.poller.refresh(scene.named('db').id);
  t.equal(await shares(), 2, 'another container was refreshed');
  scene.poller.refresh(scene.named('web').id);
  t.equal(await shares(), 262_144);
  t.doesNotThrow(() => scene.poller.refresh('of a container that nobody knows'));
});

t.test('a file that appears is found in the slow tier', async t => {
  const scene = await openScene(t, HOST);
  const peak = join(cgroupOf(scene, 'web'), 'memory.peak');
  const peakOf = async (): Promise<number | undefined> =>
    sampleNamed(await scene.poll(), 'web').memory?.maxUsageBytes;
  rmSync(peak);
  for (const turn of ['first', 'second']) t.equal(await peakOf(), undefined, turn);
  writeFileSync(peak, '9000000000\n');
  t.equal(await peakOf(), undefined, 'not looked for at each poll');
  scene.time.seconds += 75;
  t.equal(await peakOf(), 9_000_000_000);
});

t.test('a container whose files vanish costs only itself', async t => {
  const scene = await openScene(t, HOST);
  const before = await scene.poll();
  rmSync(cgroupOf(scene, 'web'), { recursive: true });
  rmSync(join(scene.host.procfs, String(scene.named('web').pid)), { recursive: true });
  scene.poller.refresh(scene.named('web').id);
  const after = await scene.poll();
  t.equal(after.containers.length, before.containers.length);
  t.equal(sampleNamed(after, 'db').memory?.usageBytes, sampleNamed(before, 'db').memory?.usageBytes);
  t.strictSame(
    scene.reports.filter(report => report.startsWith('containerFailed')),
    [],
  );
});

t.test('a container that was never there to read costs only itself', async t => {
  const scene = await openScene(t, HOST);
  const lost = container({ id: 'dead'.repeat(16), name: 'lost', pid: 4_000_000, startedAtSeconds: 1 });
  scene.inventory.list = [lost, ...scene.inventory.list];
  const snapshot = await scene.poll();
  t.equal(sampleNamed(snapshot, 'lost').memory, undefined);
  t.equal(sampleNamed(snapshot, 'lost').sampledAtSeconds, undefined);
  t.ok(sampleNamed(snapshot, 'web').memory);
  t.ok(scene.reports.includes('cgroupNotFound lost'));
  scene.inventory.current = false;
  const without = await scene.poll();
  t.notOk(
    without.containers.some(sample => sample.container === lost),
    'while Docker does not answer it may be gone',
  );
  t.ok(
    without.containers.some(sample => sample.container?.name === 'oom'),
    'one that did not run is still known',
  );
});

t.test('a container that makes reading throw costs only itself', async t => {
  const scene = await openScene(t, HOST);
  const hostile = scene.named('web');
  writeFileSync(join(scene.host.procfs, String(hostile.pid), 'cgroup'), 'no line of that file\n');
  const snapshot = await scene.poll();
  const { confinement } = sampleNamed(snapshot, 'web');
  t.equal(confinement?.init, undefined, 'nothing says that the pid is its own');
  t.equal(confinement?.unverified.has('seccomp'), true);
  t.ok(sampleNamed(snapshot, 'db').memory);
});

t.test('damaged kernel files cost their values alone', async t => {
  const scene = await openScene(t, HOST);
  writeFileSync(join(cgroupOf(scene, 'web'), 'memory.current'), 'garbage\n');
  writeFileSync(join(cgroupOf(scene, 'web'), 'cpu.stat'), 'usage_usec -5\n');
  const web = sampleNamed(await scene.poll(), 'web');
  t.equal(web.memory?.usageBytes, undefined);
  t.equal(web.memory?.workingSetBytes, undefined);
  t.ok(web.memory?.limitBytes !== undefined);
  t.equal(web.cpu?.usageSeconds, undefined);
  t.strictSame(
    scene.reports.filter(report => report.startsWith('parseFailed')),
    ['parseFailed cpu cpu.stat', 'parseFailed memory memory.current'],
  );
});

t.test('the root cgroup is the whole host, and comes first', async t => {
  const scene = await openScene(t, HOST, { root: true });
  const [root] = (await scene.poll()).containers;
  t.equal(root?.container, undefined);
  t.equal(root?.cgroupPath, '/');
  t.equal(root?.startedAtSeconds, scene.host.bootedAtSeconds);
  const stat = readFileSync(join(scene.host.cgroupfs, 'cpu.stat'), 'utf8');
  t.equal(root?.cpu?.usageSeconds, Number(/^usage_usec (\d+)$/m.exec(stat)?.[1]) / 1e6);
  const meminfo = readFileSync(join(scene.host.procfs, 'meminfo'), 'utf8');
  const kilobytes = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1]);
  t.equal(root?.memory?.usageBytes, (kilobytes('MemTotal') - kilobytes('MemFree')) * 1024);
  t.equal(root?.confinement, undefined, 'the host’s processes are no container’s');
  t.strictSame(
    root?.network?.interfaces.map(device => device.interface).filter(name => /^(lo|veth|docker)/.test(name)),
    [],
  );
  const withoutRoot = await openScene(t, HOST);
  t.ok((await withoutRoot.poll()).containers.every(sample => sample.container !== undefined));
});

t.test('only what was asked for is read', async t => {
  const scene = await openScene(t, HOST, { collectors: new Set(['memory'] as const) });
  const web = sampleNamed(await scene.poll(), 'web');
  t.ok(web.memory);
  for (const part of [
    'cpu',
    'blkio',
    'pressure',
    'tasks',
    'processes',
    'network',
    'processDetails',
    'confinement',
  ] as const)
    t.equal(web[part], undefined, part);
});

t.test('a network namespace is counted once, at its owner', async t => {
  const scene = await openScene(t, HOST);
  const snapshot = await scene.poll();
  t.ok(sampleNamed(snapshot, 'db').network);
  t.equal(sampleNamed(snapshot, 'db-metrics').network, undefined, 'it joined that of db');
  t.equal(sampleNamed(snapshot, 'agent').network, undefined, 'it has that of the host');
});

t.test('the event loop has its turns while many containers are read', async t => {
  const scene = await openScene(t, HOST);
  multiplyContainers(scene.host, 300);
  scene.inventory.list = Array.from({ length: 300 }, (_, index) =>
    container({ id: manifoldId(index), name: `c${index}` }),
  );
  // Reading one container takes longer than this, so that there are dozens of slices.
  scene.time.perLook = 0.001;
  const turns = countTurns();
  const snapshot = await scene.poller.snapshot(0);
  t.ok(turns() > 20, `${turns()} turns`);
  t.equal(snapshot.containers.length, 300);
  t.ok(snapshot.containers.every(sample => sample.memory?.usageBytes !== undefined));
});

/** How often the event loop has come round since then. */
function countTurns(): () => number {
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  return () => {
    clearImmediate(next);
    return turns;
  };
}
