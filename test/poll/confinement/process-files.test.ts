import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { ProcessFiles } from '../../../src/poll/confinement/process-files.js';
import type { Look } from '../../../src/poll/confinement/process-files.js';
import { NO_HOST_CONFINEMENT } from '../../../src/poll/confinement/host-confinement.js';
import { KernelFiles } from '../../../src/read/kernel-file.js';
import { asNobody } from '../../read/as-nobody.js';
import { openDescriptors, untilAsleep } from '../../read/support.js';
import { freshDirectory } from '../../serve/support.js';
import { recordingReporter } from '../support.js';
import { hostConfinement, inAll, removeProcess, statusOf, writeProcess } from './support.js';
import type { FakeProcess } from './support.js';

const PID = 4711;

interface Scene {
  readonly procfs: string;
  readonly process: ProcessFiles;
  readonly reports: string[];
  readonly files: KernelFiles;
  /** A look a minute after the one before, so that a process has long settled. */
  readonly look: (slow?: boolean) => Look;
  readonly write: (of: FakeProcess) => void;
}

/** A process whose files lie where a test can change them. */
function openProcess(t: Test, of: FakeProcess = {}, host = hostConfinement(), held = 10): Scene {
  const procfs = freshDirectory(t);
  writeProcess(procfs, PID, of);
  const reports: string[] = [];
  const files = new KernelFiles(held);
  const process = new ProcessFiles(PID, { procfs, files, reporter: recordingReporter(reports) }, host);
  t.teardown(() => process.close());
  let seconds = 0;
  return {
    procfs,
    process,
    reports,
    files,
    look: (slow = false) => process.look(slow, (seconds += 60)),
    write: changed =>
      writeFileSync(join(procfs, String(PID), 'status'), statusOf(PID, { ...of, ...changed })),
  };
}

t.test('a default container under AppArmor', async t => {
  const { process, look, reports } = openProcess(t);
  t.equal(process.confinement, undefined, 'nothing before it is looked at');
  t.equal(look(), 'seen');
  t.strictSame(process.confinement, {
    seccompMode: 2,
    seccompFilters: 1,
    noNewPrivileges: false,
    capabilities: {
      inheritable: 0n,
      permitted: 0xa80425fbn,
      effective: 0xa80425fbn,
      bounding: 0xa80425fbn,
      ambient: 0n,
    },
    label: { apparmor: { profile: 'docker-default', mode: 'enforce', confined: true } },
    user: { hostUid: 0, containerUid: 0, remapped: false },
    namespaces: inAll(5),
    rootDirectory: '/',
    unverified: new Map(),
  });
  t.equal(process.looks, 1);
  t.equal(process.innermostPid, 1);
  t.equal(process.pidNamespaceDepth, 2);
  t.strictSame(reports, []);
});

t.test('an old kernel, and bits of one to come', async t => {
  const status = statusOf(PID, { bounding: '8000020000000001' }).replaceAll(
    /^(NSpid|CapAmb|NoNewPrivs|Seccomp|Seccomp_filters):.*\n/gm,
    '',
  );
  const { process, look } = openProcess(t, { status });
  t.equal(look(), 'seen');
  t.match(process.confinement, {
    seccompMode: undefined,
    seccompFilters: undefined,
    noNewPrivileges: undefined,
    capabilities: { ambient: undefined, effective: 0xa80425fbn, bounding: (1n << 63n) | (1n << 41n) | 1n },
  });
  t.equal(process.confinement?.unverified.size, 0, 'what a kernel does not have is not hidden');
  t.equal(process.innermostPid, undefined);
});

t.test('the same object until something changes', async t => {
  const { process, look, write } = openProcess(t);
  look();
  const first = process.confinement;
  look();
  look(true);
  t.equal(process.confinement, first);
  write({ seccomp: 0 });
  look();
  t.not(process.confinement, first);
  t.equal(process.confinement?.seccompMode, 0);
  t.equal(first?.seccompMode, 2, 'what was seen once stays as it was');
});

t.test('a label that changes is seen at the next look', async t => {
  const { process, look, procfs } = openProcess(t);
  look();
  writeFileSync(join(procfs, String(PID), 'attr/current'), 'unconfined\n');
  look();
  t.strictSame(process.confinement?.label, {
    apparmor: { profile: 'unconfined', mode: 'unconfined', confined: false },
  });
});

t.test('namespaces and root of a settled process are read in the slow tier', async t => {
  const { process, look, procfs } = openProcess(t);
  const enter = (kind: string, inode: number): void => {
    const link = join(procfs, String(PID), 'ns', kind);
    rmSync(link);
    symlinkSync(`${kind}:[${inode}]`, link);
  };
  look();
  look();
  enter('net', 9);
  look();
  t.equal(process.confinement?.namespaces.net, 5);
  look(true);
  t.equal(process.confinement?.namespaces.net, 9);
});

t.test('a process that runs another program is looked at as a whole', async t => {
  const { process, look, procfs, write } = openProcess(t);
  look();
  look();
  const root = join(procfs, String(PID), 'root');
  rmSync(root);
  symlinkSync('/srv/jail', root);
  look();
  t.equal(process.confinement?.rootDirectory, '/');
  write({ name: 'sshd' });
  look();
  t.equal(process.confinement?.rootDirectory, '/srv/jail');
});

t.test('users of a namespace that is not the host’s', async t => {
  const uidMap = '         0     100000      65536\n';
  const remapped = openProcess(t, { uid: 101_000, uidMap });
  remapped.look();
  t.strictSame(remapped.process.confinement?.user, { hostUid: 101_000, containerUid: 1000, remapped: true });
  const damaged = openProcess(t, { uid: 101_000, uidMap: 'nonsense\n' });
  damaged.look();
  t.equal(damaged.process.confinement?.user.containerUid, undefined);
  t.equal(damaged.process.confinement?.unverified.get('user'), 'uid_map: other');
  const hosts = openProcess(t, { uid: 7, uidMap: 'not asked\n', namespaces: inAll(5, { user: 1 }) });
  hosts.look();
  t.strictSame(hosts.process.confinement?.user, { hostUid: 7, containerUid: 7, remapped: false });
});

t.test('zombies', async t => {
  t.equal(openProcess(t, { state: 'Z', threads: 1 }).look(), 'ended');
  t.equal(openProcess(t, { state: 'X', threads: 1 }).look(), 'ended');
  const threaded = openProcess(t, { state: 'Z', threads: 3, seccomp: 0 });
  t.equal(threaded.look(), 'seen', 'only its first thread has ended');
  t.equal(threaded.process.confinement?.seccompMode, 0);
});

t.test('a process that runc still prepares', async t => {
  const settingUp = (name: string): boolean => {
    const { process, look } = openProcess(t, { name });
    look();
    t.equal(process.isSettingUp(70), false, 'not for more than ten seconds');
    return process.isSettingUp(60);
  };
  for (const name of ['runc:[2:INIT]', 'runc:[1:CHILD]', 'youki:[2:INIT]', 'crun'])
    t.equal(settingUp(name), true, name);
  for (const name of ['runc', 'crunch', 'nginx', 'my runc:[']) t.equal(settingUp(name), false, name);
});

t.test('a status that is not there or not understood is a process that was not seen', async t => {
  const missing = openProcess(t, { files: { status: undefined } });
  t.equal(missing.look(), 'unseen');
  t.strictSame(missing.reports, [], 'it ended, or hides (hidepid)');
  missing.write({});
  t.equal(missing.look(), 'seen', 'it is asked for again');
  const damaged = openProcess(t, { status: 'Name:\tx\nCapEff:\tnonsense\n' });
  t.equal(damaged.look(), 'unseen');
  t.strictSame(damaged.reports, ['parseFailed confinement status']);
  t.equal(damaged.process.confinement, undefined);
});

t.test('a living process that ends between two looks', async t => {
  const child = spawn('sleep', ['60']);
  await untilAsleep(child.pid);
  const { pid = 0 } = child;
  const files = new KernelFiles(10);
  const process = new ProcessFiles(
    pid,
    { procfs: '/proc', files, reporter: recordingReporter([]) },
    NO_HOST_CONFINEMENT,
  );
  t.teardown(() => process.close());
  t.equal(process.look(true, 0), 'seen');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  t.equal(
    process.confinement?.capabilities.effective,
    BigInt(`0x${/^CapEff:\t([0-9a-f]+)$/m.exec(status)?.[1]}`),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.equal(process.look(false, 60), 'ended');
  t.equal(process.look(true, 120), 'ended');
});

t.test('what may not be read is unverified, and its value absent', async t => {
  if (process.getuid?.() !== 0) return t.comment('this is not root');
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill('SIGKILL'));
  await untilAsleep(child.pid);
  const { pid = 0 } = child;
  const context = { procfs: '/proc', files: new KernelFiles(10), reporter: recordingReporter([]) };
  const files = new ProcessFiles(pid, context, NO_HOST_CONFINEMENT);
  t.teardown(() => files.close());
  asNobody(() => t.equal(files.look(true, 0), 'seen'));
  const { confinement } = files;
  t.strictSame(confinement?.namespaces, {});
  t.equal(confinement?.rootDirectory, undefined);
  t.equal(confinement?.unverified.get('namespaces'), 'ns: forbidden');
  t.equal(confinement?.unverified.get('root_directory'), 'root: forbidden');
  t.equal(confinement?.unverified.has('seccomp'), false, 'everybody may read a status');
  t.ok(confinement?.capabilities.bounding !== undefined);
  t.equal(files.look(true, 60), 'seen');
  t.equal(files.confinement?.unverified.size, 0, 'with the right to, it is known');
});

t.test('descriptors are given back', async t => {
  const before = openDescriptors();
  const { process, look, files } = openProcess(t);
  look();
  t.equal(files.held, 2);
  t.equal(openDescriptors(), before + 2);
  t.equal(process.reopens, false);
  process.close();
  t.equal(files.held, 0);
  t.equal(openDescriptors(), before);
});

t.test('past the budget of open files another process may get the pid', async t => {
  const { process, look, procfs } = openProcess(t, {}, hostConfinement(), 0);
  look();
  t.equal(process.reopens, true);
  removeProcess(procfs, PID);
  mkdirSync(join(procfs, String(PID)));
  t.equal(look(), 'unseen');
});
