import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openContainer } from './container-scene.js';
import { finish, inAll } from './support.js';

t.test('all processes of a container, the first one apart', async t => {
  const { sampler, look } = openContainer(t, { 10: {}, 11: { seccomp: 0, name: 'sh' }, 12: {} });
  t.equal(sampler.own, undefined);
  const own = look();
  t.equal(own.complete, true);
  t.equal(own.processes.length, 3);
  t.equal(own.init, own.processes[0]);
  t.equal(own.init?.seccompMode, 2);
  t.equal(own.all.seccompMode, 0);
  t.strictSame(own.all.seccompModes, [1, 0, 2]);
  t.equal(own.mounts?.rootReadonly, true);
  t.strictSame(own.unverified, new Map());
  t.strictSame(sampler.pids, [10, 11, 12]);
  t.equal(sampler.gone, false);
  t.equal(look(), own, 'the same object until something changes');
  t.equal(look(true), own);
});

t.test('a process that comes and goes', async t => {
  const { look, start, end } = openContainer(t, { 10: {} });
  look();
  start(11, { seccomp: 0 });
  t.equal(look().all.seccompMode, 0);
  end(11);
  const own = look();
  t.equal(own.all.seccompMode, 2);
  t.equal(own.complete, true);
});

t.test('a process that ended since the list was read is not missed', async t => {
  const { look, nextLook, sampler, listed } = openContainer(t, { 10: {}, 11: {} });
  look();
  listed([10, 11, 12]);
  const steps = sampler.look(...nextLook());
  steps.next();
  listed([10, 11]);
  for (const _ of steps);
  t.equal(sampler.own?.complete, true, '12 was listed, and was gone when it was its turn');
  t.equal(sampler.own?.processes.length, 2);
});

t.test('one that is listed still, but not to be seen, makes the worst case unknown', async t => {
  const { look, listed } = openContainer(t, { 10: {} });
  listed([10, 11]);
  const own = look();
  t.equal(own.complete, false);
  t.equal(own.init?.seccompMode, 2);
  t.equal(own.all.seccompMode, undefined);
  for (const control of ['seccomp', 'capabilities', 'apparmor', 'user', 'namespaces', 'privileged'] as const)
    t.match(own.unverified.get(control), /cannot be seen: 1/, control);
  t.equal(own.unverified.has('readonly_rootfs'), false, 'the mounts are those of the first process');
});

t.test('that one is the worst already is known whoever hides', async t => {
  const { look, listed } = openContainer(t, { 10: {}, 11: { seccomp: 0 } });
  listed([10, 11, 12]);
  t.equal(look().all.seccompMode, 0);
});

t.test('pids of another pid namespace are processes that cannot be seen', async t => {
  const { look, listed, sampler } = openContainer(t, { 10: {} });
  listed([0, 10, 0]);
  const own = look();
  t.equal(own.complete, false);
  t.match(own.unverified.get('seccomp'), /cannot be seen: 2/);
  listed([0, 0]);
  look();
  t.equal(sampler.gone, false, 'it may be one of them');
});

t.test('a list that cannot be read', async t => {
  const { look, listing, sampler } = openContainer(t, { 10: {} }, { held: 0 });
  look();
  writeFileSync(listing, '10\neleven\n');
  const own = look();
  t.equal(own.complete, false);
  t.equal(own.all.seccompMode, undefined);
  t.equal(own.init, undefined);
  t.equal(own.unverified.get('seccomp'), 'the list of its processes cannot be read');
  t.ok(own.unverified.has('readonly_rootfs'));
  t.equal(sampler.gone, false);
});

t.test('a list that cannot be read for a second time hides as much', async t => {
  const { nextLook, sampler, listed, listing } = openContainer(t, { 10: {} }, { held: 0 });
  listed([10, 11]);
  const steps = sampler.look(...nextLook());
  steps.next();
  writeFileSync(listing, '10\neleven\n');
  for (const _ of steps);
  t.equal(sampler.own?.complete, false);
  t.equal(sampler.own?.all.seccompMode, undefined);
  t.equal(sampler.gone, false);
});

t.test('of a container that has ended nothing is said', async t => {
  const { look, nextLook, sampler, listed, listing } = openContainer(t, { 10: {} }, { held: 0 });
  look();
  listed([]);
  finish(sampler.look(...nextLook()));
  t.equal(sampler.own, undefined);
  t.equal(sampler.gone, true);
  listed([10]);
  look();
  rmSync(listing);
  finish(sampler.look(...nextLook()));
  t.equal(sampler.own, undefined);
  t.equal(sampler.gone, true);
});

t.test('a look that is broken off says nothing of how the container is', async t => {
  const { look, sampler, start, nextLook } = openContainer(t, { 10: {} });
  look();
  start(11, { files: { cgroup: 'no line of that file\n' } });
  t.throws(() => finish(sampler.look(...nextLook())), { name: 'ParseError' });
  sampler.lookFailed();
  t.equal(sampler.own?.init, undefined);
  t.equal(sampler.own?.all.seccompMode, undefined);
  t.equal(sampler.own?.mounts, undefined);
  for (const control of ['seccomp', 'user', 'masked_paths'] as const)
    t.ok(sampler.own?.unverified.has(control), control);
});

t.test('zombies do not count, but one whose other threads run does', async t => {
  const { look } = openContainer(t, {
    10: {},
    11: { state: 'Z', seccomp: 0, threads: 1 },
    12: { state: 'Z', seccomp: 1, threads: 2 },
  });
  const own = look();
  t.equal(own.complete, true);
  t.equal(own.all.seccompMode, 1);
  t.equal(own.processes.length, 2);
});

t.test('the pid of another container’s process', async t => {
  const other = '0::/system.slice/docker-' + 'b'.repeat(64) + '.scope\n';
  const { look } = openContainer(t, { 10: {}, 11: { seccomp: 0, files: { cgroup: other } } });
  const own = look();
  t.equal(own.all.seccompMode, undefined, 'it is not counted for this one, and who it was is not known');
  t.equal(own.processes.length, 1);
  const { look: lookAtFirst } = openContainer(t, { 10: { seccomp: 0, files: { cgroup: other } }, 11: {} });
  const first = lookAtFirst();
  t.equal(first.init, undefined, 'nor as its first process');
  t.match(first.unverified.get('seccomp'), /cannot be seen: 1/);
});

t.test('when the first process has ended, the run is over', async t => {
  const { look, sampler, end } = openContainer(t, { 10: {}, 11: {} });
  look();
  end(10);
  const own = look();
  t.equal(sampler.gone, true);
  t.equal(own.init, undefined);
  t.match(own.unverified.get('readonly_rootfs'), /first process is not seen/);
});

t.test('without a runtime, the outermost first process of a pid namespace is the first', async t => {
  const { look, end } = openContainer(
    t,
    { 9: { pids: [9, 3] }, 10: { pids: [10, 1] }, 11: { pids: [11, 7, 1] } },
    { firstPid: undefined },
  );
  const own = look();
  t.equal(own.init, own.processes[1]);
  end(10);
  t.equal(look().init, look().processes[1], 'of what is left, the container in the container');
  const { look: hostPid } = openContainer(t, { 9: { pids: [9] } }, { firstPid: undefined });
  t.equal(hostPid().init, undefined, 'in the host’s pid namespace nobody can tell');
});

t.test('a process that the runtime still prepares is left for the next look', async t => {
  const { look, sampler, start } = openContainer(t, { 10: {} });
  look();
  start(11, { name: 'runc:[2:INIT]', seccomp: 0 });
  const own = look();
  t.equal(sampler.settingUp, true);
  t.equal(own.all.seccompMode, 2, 'it is not confined yet, and does not run anything yet');
  t.equal(own.complete, true);
  start(11, { name: 'sh' });
  t.equal(look().all.seccompMode, 2);
  t.equal(sampler.settingUp, false);
  start(12, { name: 'runc:[2:INIT]', seccomp: 0 });
  look();
  t.equal(look(false, 9).all.seccompMode, 2, 'on a slow machine it takes its time');
  t.equal(sampler.settingUp, true);
  t.equal(look(false, 1).all.seccompMode, 0, 'one that stays like this is what it is');
  t.equal(sampler.settingUp, false);
});

t.test('a first process that the runtime still prepares says nothing yet', async t => {
  const { look, sampler, nextLook, start } = openContainer(t, { 10: { name: 'runc:[2:INIT]', seccomp: 0 } });
  finish(sampler.look(...nextLook()));
  t.equal(sampler.own, undefined);
  t.equal(sampler.gone, false);
  t.equal(sampler.settingUp, true);
  start(10);
  t.equal(look().init?.seccompMode, 2);
});

t.test('where labels are shown changes: all files are opened anew', async t => {
  const { look, host } = openContainer(t, { 10: { files: { 'attr/apparmor/current': 'mine (enforce)\n' } } });
  t.equal(look().init?.label.apparmor?.profile, 'docker-default');
  host({ labels: [{ file: 'attr/apparmor/current', controls: ['apparmor'], selinuxEnforced: undefined }] });
  t.equal(look().init?.label.apparmor?.profile, 'mine');
  host({ labels: [] });
  t.strictSame(look().init?.label, {});
});

t.test('mounts are read in the slow tier, and unverified where they cannot be', async t => {
  const { look, procfs, reports } = openContainer(t, { 10: {} });
  const mountinfo = join(procfs, '10/mountinfo');
  look();
  writeFileSync(mountinfo, readFileSync(mountinfo, 'utf8').replace('/ / ro', '/ / rw'));
  t.equal(look().mounts?.rootReadonly, true);
  t.equal(look(true).mounts?.rootReadonly, false);
  writeFileSync(mountinfo, 'nonsense\n');
  const damaged = look(true);
  t.equal(damaged.mounts, undefined);
  t.match(damaged.unverified.get('masked_paths'), /^mountinfo: expected/);
  t.ok(reports.includes('parseFailed confinement mountinfo'));
  rmSync(mountinfo);
  t.match(look(true).unverified.get('sensitive_mounts'), 'mountinfo');
});

t.test('without the host’s mounts nobody knows what a mount shows', async t => {
  const { look } = openContainer(t, { 10: {} }, { hostMounts: '' });
  const own = look();
  t.equal(own.mounts?.sensitive, undefined);
  t.strictSame([...own.unverified.keys()], ['sensitive_mounts']);
});

t.test('what one process keeps to itself is unverified for the container', async t => {
  const { look } = openContainer(t, { 10: {}, 11: { namespaces: {} } });
  const own = look();
  t.equal(own.complete, true);
  t.match(own.unverified.get('namespaces'), 'ns');
  t.equal(own.init?.namespaces.net, inAll(5).net);
});

t.test('descriptors are given back when the container is closed', async t => {
  const { look, sampler, files } = openContainer(t, { 10: {}, 11: {} });
  look();
  t.equal(files.held, 1 + 2 * 2);
  sampler.close();
  t.equal(files.held, 0);
});
