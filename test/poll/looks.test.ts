import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { cgroupOf, found, openScene, sampleNamed } from './support.js';
import type { Scene } from './support.js';

const HOST = 'v2-systemd-apparmor';
/** No process of the recorded hosts has it. */
const PID = 3_999_999;

/** Starts a process in web, as `docker exec --privileged` would: web's own first process, but without seccomp. */
function execInWeb(scene: Scene, name = 'sh'): { end(): void } {
  const { procfs } = scene.host;
  const [source, target] = [found(scene.named('web').pid), PID].map(pid => join(procfs, String(pid)));
  cpSync(found(source), found(target), { recursive: true, verbatimSymlinks: true });
  const status = join(found(target), 'status');
  const text = readFileSync(status, 'utf8')
    .replace(/^Name:.*$/m, `Name:\t${name}`)
    .replace(/^Seccomp:.*$/m, 'Seccomp:\t0');
  rmSync(status);
  writeFileSync(status, text);
  const list = join(cgroupOf(scene, 'web'), 'cgroup.procs');
  const before = readFileSync(list, 'utf8');
  appendFileSync(list, `${PID}\n`);
  return {
    end() {
      rmSync(found(target), { recursive: true });
      writeFileSync(list, before);
    },
  };
}

const seccompOfWeb = async (scene: Scene) => {
  const { confinement } = sampleNamed(await scene.poll(), 'web');
  return { any: confinement?.all.seccompMode, changes: confinement?.changes.get('seccomp')?.count };
};

t.test('a process that lives between two polls is seen by a glance, and counted', async t => {
  const scene = await openScene(t, HOST);
  t.strictSame(await seccompOfWeb(scene), { any: 2, changes: 0 });
  const exec = execInWeb(scene);
  await scene.poller.glance(new Set([scene.named('web').id]));
  exec.end();
  t.strictSame(await seccompOfWeb(scene), { any: 2, changes: 2 });
});

t.test('a glance looks at the containers that it is told to, and at those alone', async t => {
  const scene = await openScene(t, HOST);
  await scene.poller.glance(new Set([scene.named('web').id]));
  await seccompOfWeb(scene);
  const exec = execInWeb(scene);
  await scene.poller.glance(new Set([scene.named('db').id, 'of a container that nobody knows']));
  exec.end();
  t.strictSame(await seccompOfWeb(scene), { any: 2, changes: 0 });
});

t.test('a process that is still being prepared is told', async t => {
  const scene = await openScene(t, HOST);
  const { id } = scene.named('web');
  await scene.poll();
  t.strictSame([...scene.poller.settingUp()], []);
  execInWeb(scene, 'runc:[2:INIT]');
  await scene.poller.glance(new Set([id]));
  t.strictSame([...scene.poller.settingUp()], [id]);
  scene.time.seconds += 10;
  t.equal((await seccompOfWeb(scene)).any, 0, 'that is how it goes on');
  t.strictSame([...scene.poller.settingUp()], []);
});

t.test('the host, and what is of no container on it', async t => {
  const scene = await openScene(t, HOST);
  t.equal(scene.poller.unmanagedNamespaces, undefined);
  await scene.poll();
  t.equal(scene.facts.facts.confinement.mayTrace, true);
  t.type(scene.poller.unmanagedNamespaces?.mnt, 'number');
});

t.test('of a container that is hidden by a filter, the processes are no foreigners', async t => {
  const scene = await openScene(t, HOST);
  await scene.poll();
  const all = scene.poller.unmanagedNamespaces;
  const hidden = scene.inventory.list;
  scene.inventory.knows = id => hidden.some(one => one.id === id);
  scene.inventory.list = hidden.filter(({ name }) => name !== 'web');
  scene.time.seconds += 120;
  await scene.poll();
  t.strictSame(scene.poller.unmanagedNamespaces, all);
});
