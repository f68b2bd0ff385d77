import { spawn } from 'node:child_process';
import { rmSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { NAMESPACE_KINDS } from '../../../src/model/confinement/namespace-kinds.js';
import { readNamespaces, readRootDirectory } from '../../../src/poll/confinement/process-links.js';
import { asNobody } from '../../read/as-nobody.js';
import { freshDirectory } from '../../serve/support.js';
import { inAll, writeProcess } from './support.js';

t.test('the namespaces and the root directory of a process', async t => {
  const directory = writeProcess(freshDirectory(t), 7, {
    namespaces: inAll(4026531840, { net: 4026532193 }),
  });
  t.strictSame(readNamespaces(directory), { value: inAll(4026531840, { net: 4026532193 }) });
  t.strictSame(readRootDirectory(directory), { value: '/' });
});

t.test('a kind that this kernel does not have is absent, the others are there', async t => {
  const directory = writeProcess(freshDirectory(t), 7);
  for (const kind of ['time', 'cgroup']) rmSync(join(directory, 'ns', kind));
  t.strictSame(readNamespaces(directory), {
    value: { mnt: 5, pid: 5, net: 5, ipc: 5, uts: 5, user: 5 },
  });
});

t.test('a process that is not there', async t => {
  const procfs = freshDirectory(t);
  t.strictSame(readNamespaces(join(procfs, '7')), { failure: 'missing' });
  t.strictSame(readRootDirectory(join(procfs, '7')), { failure: 'missing' });
});

t.test('what is no namespace', async t => {
  const directory = writeProcess(freshDirectory(t), 7, { namespaces: {} });
  symlinkSync('/', join(directory, 'ns/net'));
  t.strictSame(readNamespaces(directory), { failure: 'other' });
});

t.test('a living process', async t => {
  const told = readNamespaces(`/proc/${process.pid}`);
  t.ok('value' in told);
  for (const kind of NAMESPACE_KINDS)
    t.equal('value' in told && `${kind}:[${told.value[kind]}]`, readlinkSync(`/proc/self/ns/${kind}`));
  t.strictSame(readRootDirectory('/proc/self'), { value: readlinkSync('/proc/self/root') });
});

t.test('without the right to trace it, a process of another user is forbidden', async t => {
  if (process.getuid?.() !== 0) return t.comment('this is not root');
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill('SIGKILL'));
  asNobody(() => {
    t.strictSame(readNamespaces(`/proc/${child.pid}`), { failure: 'forbidden' });
    t.strictSame(readRootDirectory(`/proc/${child.pid}`), { failure: 'forbidden' });
  });
});
