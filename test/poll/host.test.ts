import { readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { namespaceInode } from '../../src/poll/host.js';
import { openScene } from './support.js';

t.test('what is known of a host with cgroup v2', async t => {
  const { facts, host } = await openScene(t, 'v2-systemd-apparmor');
  t.equal(facts.facts.memoryBytes, undefined, 'nothing before it is read');
  facts.refresh();
  const { hierarchies, cpuCores, bootedAtSeconds, confinement } = facts.facts;
  t.match(hierarchies, [{ version: 2, directory: host.cgroupfs, root: '/' }]);
  t.equal(hierarchies.length, 1);
  t.equal(cpuCores, 2);
  t.equal(bootedAtSeconds, host.bootedAtSeconds);
  t.equal(`net:[${confinement.namespaces.net}]`, readlinkSync(join(host.procfs, '1/ns/net')));
  t.equal(facts.deviceName(254, 0), '/dev/vda');
  t.equal(facts.deviceName(99, 7), '99:7', 'a device without a name keeps its number');
});

t.test('a hybrid host has both versions, and an unreadable namespace no inode', async t => {
  const { facts, reports } = await openScene(t, 'hybrid-cgroupfs');
  facts.refresh();
  const { hierarchies } = facts.facts;
  t.ok(hierarchies.some(one => one.version === 2 && one.directory.endsWith('/unified')));
  t.ok(hierarchies.some(one => one.version === 1 && one.controllers.includes('memory')));
  t.strictSame(facts.facts.confinement.namespaces, {});
  t.equal(facts.facts.confinement.mayTrace, false);
  t.strictSame(reports, []);
});

t.test('without mounts the hierarchies are known from the directory', async t => {
  const { facts, host, reports } = await openScene(t, 'v1-cgroupfs-apparmor');
  for (const pid of ['1', 'self']) rmSync(join(host.procfs, pid, 'mountinfo'), { force: true });
  facts.refresh();
  const memory = facts.facts.hierarchies.find(one => one.controllers.includes('memory'));
  t.equal(memory?.directory, join(host.cgroupfs, 'memory'));
  t.ok(reports.includes('readFailed host 1/mountinfo missing'));
});

t.test('what cannot be read or understood is absent', async t => {
  const { facts, host, reports } = await openScene(t, 'v2-systemd-apparmor');
  rmSync(join(host.procfs, 'stat'));
  writeFileSync(join(host.procfs, 'meminfo'), 'MemTotal: many kB\n');
  facts.refresh();
  t.equal(facts.facts.cpuCores, undefined);
  t.equal(facts.facts.bootedAtSeconds, undefined);
  t.equal(facts.facts.memoryBytes, undefined);
  t.equal(facts.readMeminfo(), undefined);
  t.ok(facts.facts.hierarchies.length > 0);
  t.ok(reports.includes('readFailed host stat missing'));
  t.ok(reports.includes('parseFailed host meminfo'));
});

t.test('a host without anything', async t => {
  const { facts, host } = await openScene(t, 'v2-systemd-apparmor');
  rmSync(host.procfs, { recursive: true });
  rmSync(host.cgroupfs, { recursive: true });
  t.doesNotThrow(() => facts.refresh());
  t.strictSame(facts.facts.hierarchies, []);
});

t.test('the inode of a namespace', async t => {
  t.equal(`net:[${namespaceInode('/proc', process.pid, 'net')}]`, readlinkSync('/proc/self/ns/net'));
  t.equal(namespaceInode('/proc', process.pid, 'nonsense'), undefined);
  t.equal(namespaceInode('/proc', 2 ** 30, 'net'), undefined);
});
