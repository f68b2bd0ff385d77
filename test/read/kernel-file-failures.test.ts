import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { KernelFiles } from '../../src/read/kernel-file.js';
import { asNobody } from './as-nobody.js';
import { makeCgroup, removeCgroup, withoutCgroups } from './real-cgroup.js';
import { answer, openDescriptors, readOf, untilAsleep } from './support.js';

t.test('a file of a cgroup that was removed says that it is gone', { skip: withoutCgroups() }, async t => {
  const cgroup = makeCgroup(t, 'gone');
  const path = join(cgroup, 'cgroup.procs');
  const files = new KernelFiles(1);
  const file = files.open(path);
  t.equal(readOf(files, file), '');
  removeCgroup(cgroup);
  t.equal(readOf(files, file), 'gone');
  t.equal(files.held, 1, 'who holds it closes it');
  file.close();
  t.equal(files.held, 0);
  t.equal(readOf(files, files.open(path)), 'missing', 'opened anew there is nothing of it');
});

t.test('a file of a process that ended says that it is gone', async t => {
  const child = spawn('sleep', ['60']);
  await untilAsleep(child.pid);
  const files = new KernelFiles(1);
  const file = files.open(`/proc/${child.pid}/status`);
  t.teardown(() => file.close());
  t.match(readOf(files, file), /^Name:\tsleep\n/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.equal(readOf(files, file), 'gone');
  t.equal(answer(files, files.readOnce(`/proc/${child.pid}/status`)), 'missing');
});

t.test('a file that this process may not read is forbidden, until it is tried again', async t => {
  const path = join(t.testdir({ file: 'secret' }), 'file');
  const files = new KernelFiles(1);
  const file = files.open(path);
  t.teardown(() => file.close());
  spawnSync('chmod', ['000', path]);
  asNobody(() => t.equal(readOf(files, file), 'forbidden'));
  spawnSync('chmod', ['444', path]);
  t.equal(readOf(files, file), 'forbidden', 'remembered');
  file.retry();
  t.equal(readOf(files, file), 'secret');
});

const label = spawnSync('cat', ['/proc/self/attr/current'], { encoding: 'utf8' });
const skip = label.stderr.includes('Invalid argument') ? false : 'this kernel has a security module';
t.test('a file that answers "invalid argument" is unsupported', { skip }, async t => {
  const before = openDescriptors();
  const files = new KernelFiles(1);
  const file = files.open('/proc/self/attr/current');
  t.equal(readOf(files, file), 'unsupported');
  t.equal(readOf(files, file), 'unsupported');
  t.equal(files.held, 0);
  t.equal(openDescriptors(), before, 'it was closed again');
});

t.test('a missing file stays missing until it is tried again', async t => {
  const directory = t.testdir({});
  const path = join(directory, 'memory.peak');
  const files = new KernelFiles(1);
  const file = files.open(path);
  t.teardown(() => file.close());
  t.equal(readOf(files, file), 'missing');
  writeFileSync(path, '5\n');
  t.equal(readOf(files, file), 'missing', 'not asked for again');
  file.retry();
  t.equal(readOf(files, file), '5\n');
  file.retry();
  t.equal(readOf(files, file), '5\n', 'trying again does no harm to a file that is there');
  t.equal(files.held, 1);
});

t.test('what is no file, or lies below one, gives a reason too', async t => {
  const directory = t.testdir({ file: '', loop: t.fixture('symlink', 'loop') });
  const files = new KernelFiles(1);
  t.equal(answer(files, files.readOnce(directory)), 'other', 'a directory');
  t.equal(answer(files, files.readOnce(join(directory, 'file/below'))), 'missing');
  t.equal(answer(files, files.readOnce(join(directory, 'loop'))), 'missing');
  t.equal(answer(files, files.readOnce(`${directory}/\0`)), 'other', 'a path that no file can have');
  t.equal(files.held, 0);
});

const withoutPrlimit = spawnSync('prlimit', ['--version']).error !== undefined && 'prlimit is not installed';
t.test('without a free descriptor the reason is descriptors', { skip: withoutPrlimit }, async t => {
  const path = join(t.testdir({ file: 'x' }), 'file');
  const files = new KernelFiles(10);
  const file = files.open(path);
  const [soft] = limitOfFiles();
  const used = Math.max(...readdirSync('/proc/self/fd').map(Number));
  const fillers: number[] = [];
  setLimitOfFiles(used + 8);
  try {
    t.throws(
      () => {
        for (;;) fillers.push(openSync(path, 'r'));
      },
      { code: 'EMFILE' },
    );
    t.equal(readOf(files, file), 'descriptors');
    t.equal(answer(files, files.readOnce(path)), 'descriptors');
  } finally {
    for (const filler of fillers) closeSync(filler);
    setLimitOfFiles(soft);
  }
  file.retry();
  t.equal(readOf(files, file), 'x');
  file.close();
});

function limitOfFiles(): [soft: number] {
  return [Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])];
}

function setLimitOfFiles(soft: number): void {
  spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${soft}:`]);
}
