import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { KernelFiles } from '../../src/read/kernel-file.js';
import type { Hold, KernelFile } from '../../src/read/kernel-file.js';
import { makeCgroup, moveProcess, withoutCgroups } from './real-cgroup.js';
import { answer, openDescriptors, readOf, untilAsleep, untilTrue } from './support.js';

const MEBIBYTE = 1 << 20;

t.test('a held file is read from its start again, longer or shorter than before', async t => {
  const path = join(t.testdir({ file: '12\n' }), 'file');
  const files = new KernelFiles(10);
  const file = files.open(path);
  t.teardown(() => file.close());
  t.equal(readOf(files, file), '12\n');
  t.equal(files.held, 1);
  writeFileSync(path, '1234567\n');
  t.equal(readOf(files, file), '1234567\n');
  truncateSync(path);
  appendFileSync(path, '3\n');
  t.equal(readOf(files, file), '3\n', 'nothing is left of the longer content');
  t.equal(files.held, 1);
});

t.test('a held descriptor goes on reading the file that it was opened on', async t => {
  const path = join(t.testdir({ file: 'first' }), 'file');
  const files = new KernelFiles(10);
  const file = files.open(path);
  t.teardown(() => file.close());
  t.equal(readOf(files, file), 'first');
  rmSync(path);
  writeFileSync(path, 'another file of that name');
  t.equal(readOf(files, file), 'first');
});

t.test('an empty file is read, and is no failure', async t => {
  const files = new KernelFiles(10);
  const file = files.open(join(t.testdir({ file: '' }), 'file'));
  t.teardown(() => file.close());
  t.equal(file.read(), 0);
  t.equal(file.read(), 0);
});

t.test('past the budget files are read all the same, without holding them', async t => {
  const directory = t.testdir({ a: 'a1', b: 'b1', c: 'c1' });
  const before = openDescriptors();
  const files = new KernelFiles(2);
  const opened = ['a', 'b', 'c'].map(name => files.open(join(directory, name)));
  t.strictSame(
    opened.map(file => readOf(files, file)),
    ['a1', 'b1', 'c1'],
  );
  t.equal(files.held, 2);
  t.equal(openDescriptors(), before + 2);
  for (const name of ['a', 'b', 'c']) writeFileSync(join(directory, name), `${name}2`);
  t.strictSame(
    opened.map(file => readOf(files, file)),
    ['a2', 'b2', 'c2'],
  );
  opened[0]?.close();
  t.equal(files.held, 1);
  t.equal(opened[2] && readOf(files, opened[2]), 'c2');
  t.equal(files.held, 2, 'what was given back can be held by another');
  for (const file of opened) file.close();
  for (const file of opened) file.close();
  t.equal(files.held, 0, 'closing twice gives back once');
  t.equal(openDescriptors(), before);
});

t.test('a file that comes first is held in place of another, and no file that is read rarely', async t => {
  const directory = t.testdir({ cgroup: 'c', process: 'p', label: 'l', rare: 'r' });
  const before = openDescriptors();
  const files = new KernelFiles(1);
  const open = (name: string, hold: Hold): KernelFile => files.open(join(directory, name), hold);
  const [rare, cgroup, process, label] = [
    open('rare', 'never'),
    open('cgroup', 'rest'),
    open('process', 'first'),
    open('label', 'first'),
  ];
  t.equal(readOf(files, rare), 'r');
  t.equal(files.held, 0);
  t.equal(readOf(files, cgroup), 'c');
  t.equal(cgroup.reopens, false);
  t.equal(readOf(files, process), 'p');
  t.equal(process.reopens, false);
  t.equal(cgroup.reopens, true, 'it gave its descriptor away');
  t.equal(readOf(files, cgroup), 'c', 'and is read all the same');
  t.equal(readOf(files, label), 'l');
  t.equal(process.reopens, false, 'those that come first take nothing from one another');
  t.equal(files.held, 1);
  process.close();
  t.equal(readOf(files, cgroup), 'c');
  t.equal(cgroup.reopens, false, 'what is free again may be had by any');
  for (const file of [rare, cgroup, label]) file.close();
  t.equal(files.held, 0);
  t.equal(openDescriptors(), before);
});

t.test('a budget of 0 holds nothing', async t => {
  const before = openDescriptors();
  const files = new KernelFiles(0);
  const file = files.open(join(t.testdir({ file: 'x' }), 'file'));
  t.equal(readOf(files, file), 'x');
  t.equal(readOf(files, file), 'x');
  t.equal(files.held, 0);
  t.equal(openDescriptors(), before);
});

t.test('a closed file can be read again', async t => {
  const files = new KernelFiles(1);
  const file = files.open(join(t.testdir({ file: 'x' }), 'file'));
  file.read();
  file.close();
  t.equal(readOf(files, file), 'x');
  t.equal(files.held, 1);
  file.close();
});

for (const length of [3071, 3072, 3073, 4096, 65_535, 65_536, 65_537, 300_000, MEBIBYTE - 1])
  t.test(`a file of ${length} bytes is read whole, held or not`, async t => {
    const content = Array.from({ length }, (_, index) => String.fromCharCode(97 + (index % 23))).join('');
    const path = join(t.testdir({ file: content }), 'file');
    const files = new KernelFiles(1);
    const file = files.open(path);
    t.teardown(() => file.close());
    t.ok(readOf(files, file) === content, 'opened');
    t.ok(readOf(files, file) === content, 'held');
    t.ok(answer(files, files.readOnce(path)) === content, 'read once');
  });

t.test('a file of more than a megabyte is refused, and smaller ones are read afterwards', async t => {
  const directory = t.testdir({ large: Buffer.alloc(MEBIBYTE + 1, 'x'), small: 'small' });
  const before = openDescriptors();
  const files = new KernelFiles(10);
  const large = files.open(join(directory, 'large'));
  t.equal(readOf(files, large), 'oversized');
  t.equal(readOf(files, large), 'oversized');
  t.equal(answer(files, files.readOnce(join(directory, 'large'))), 'oversized');
  t.ok(files.bytes.length <= MEBIBYTE, 'memory for it stays bounded');
  const small = files.open(join(directory, 'small'));
  t.equal(readOf(files, small), 'small');
  small.close();
  t.equal(openDescriptors(), before);
});

t.test('a held file that grows past a megabyte is refused until it shrinks again', async t => {
  const path = join(t.testdir({ file: 'x' }), 'file');
  const files = new KernelFiles(10);
  const file = files.open(path);
  t.teardown(() => file.close());
  file.read();
  truncateSync(path, MEBIBYTE + 1);
  t.equal(readOf(files, file), 'oversized');
  truncateSync(path, 1);
  t.equal(readOf(files, file), 'x');
});

t.test('a kernel file of several pages, which answers a page at a time, is read whole', async t => {
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill());
  await untilAsleep(child.pid);
  const path = `/proc/${child.pid}/smaps`;
  const expected = readFileSync(path, 'latin1');
  t.ok(expected.length > 2 * 4096, 'the file has several pages');
  const files = new KernelFiles(1);
  const file = files.open(path);
  t.teardown(() => file.close());
  t.equal(readOf(files, file), expected);
  t.equal(readOf(files, file), expected);
});

const fewSymbols = readFileSync('/proc/kallsyms').length <= MEBIBYTE && 'this kernel has few symbols';
t.test('a kernel file of more than a megabyte is refused', { skip: fewSymbols }, async t => {
  const files = new KernelFiles(1);
  t.equal(answer(files, files.readOnce('/proc/kallsyms')), 'oversized');
});

const noCgroups = withoutCgroups();
t.test(
  'cgroup.procs of a thousand processes is read whole, poll after poll',
  { skip: noCgroups },
  async t => {
    const cgroup = makeCgroup(t, 'many');
    const shell = spawn(
      'sh',
      ['-c', 'read go; i=0; while [ $i -lt 1000 ]; do sleep 60 & i=$((i+1)); done; echo; wait'],
      {
        detached: true,
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    const { pid } = shell;
    if (pid === undefined) throw new Error('no shell');
    t.teardown(async () => {
      process.kill(-pid, 'SIGKILL');
      await untilTrue(() => readFileSync(join(cgroup, 'cgroup.procs'), 'utf8') === '');
    });
    moveProcess(cgroup, pid);
    shell.stdin.write('\n');
    await once(shell.stdout, 'data');
    const path = join(cgroup, 'cgroup.procs');
    const files = new KernelFiles(1);
    const file = files.open(path);
    t.teardown(() => file.close());
    for (const poll of ['opened', 'held']) {
      const pids = readOf(files, file).trim().split('\n').map(Number);
      t.ok(pids.length === 1001 && new Set(pids).size === 1001, `${poll}: ${pids.length} processes`);
      t.ok(pids.includes(pid));
    }
  },
);
