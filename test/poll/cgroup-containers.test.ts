import { rmSync } from 'node:fs';
import t from 'tap';
import { cgroupTree } from '../../src/poll/cgroup-containers.js';
import { recordedHostNames } from '../support/recorded-host.js';
import { openScene } from './support.js';

for (const name of recordedHostNames())
  t.test(`${name}: the cgroup tree alone shows the containers that run, and a process of each`, async t => {
    const { host, facts, files, inventory } = await openScene(t, name);
    const running = inventory.list.filter(one => one.pid !== undefined);
    const found = cgroupTree(facts, files).containers();
    t.equal(found.length, running.length);
    for (const { id, name, pid } of running) {
      const cgroup = found.find(one => one.path.includes(id));
      t.ok(cgroup?.pid !== undefined, name);
      const processes = host.truth.capabilities.map(one => one.pid);
      t.ok(cgroup?.pid === pid || processes.includes(cgroup?.pid ?? 0), `${name} has this process`);
    }
  });

t.test('a host without cgroups has no containers', async t => {
  const scene = await openScene(t, 'v2-systemd-apparmor');
  rmSync(scene.host.cgroupfs, { recursive: true });
  t.strictSame(cgroupTree(scene.facts, scene.files).containers(), []);
});
