import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { CgroupLocation } from '../../src/locate/locate.js';
import { ProcessList } from '../../src/poll/process-list.js';
import { KernelFiles } from '../../src/read/kernel-file.js';
import { recordingReporter } from './support.js';

function cgroup(directory: string, pids: readonly number[]): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'cgroup.procs'), pids.map(pid => `${pid}\n`).join(''));
}

const location = (directory: string): CgroupLocation => ({
  path: '/x',
  controllers: new Map<string, string>(),
  unified: directory,
});

function newList(where: CgroupLocation, files: KernelFiles, reports: string[] = []): ProcessList {
  return new ProcessList(where, files, recordingReporter(reports));
}

const sorted = (pids: readonly number[] | undefined): readonly number[] | undefined =>
  pids?.toSorted((a, b) => a - b);

t.test('processes of a cgroup and of all below it', async t => {
  const top = t.testdir({});
  cgroup(top, []);
  cgroup(join(top, 'init'), [10]);
  cgroup(join(top, 'payload/a'), [11, 12]);
  cgroup(join(top, 'payload'), []);
  const files = new KernelFiles(10);
  const list = newList(location(top), files);
  t.strictSame(sorted(list.read(true)), [10, 11, 12]);
  cgroup(join(top, 'init'), [10, 13]);
  t.strictSame(sorted(list.read(false)), [10, 11, 12, 13]);
  cgroup(join(top, 'late'), [14]);
  t.strictSame(sorted(list.read(false)), [10, 11, 12, 13], 'it is not known yet');
  t.strictSame(sorted(list.read(true)), [10, 11, 12, 13, 14], 'new cgroups are found in the slow tier');
  list.close();
  t.equal(files.held, 0);
});

t.test('processes of another pid namespace have no pid here, and are listed all the same', async t => {
  const top = t.testdir({});
  cgroup(top, [0, 0, 15]);
  const list = newList(location(top), new KernelFiles(10));
  t.strictSame(list.read(true), [0, 0, 15]);
  list.close();
});

t.test('an empty cgroup has an empty list, which is not an absent one', async t => {
  const top = t.testdir({});
  cgroup(top, []);
  t.strictSame(newList(location(top), new KernelFiles(0)).read(true), []);
});

t.test('where a list cannot be read there is none rather than a wrong one', async t => {
  const top = t.testdir({});
  cgroup(top, [1]);
  cgroup(join(top, 'below'), [2]);
  const reports: string[] = [];
  const list = newList(location(top), new KernelFiles(0), reports);
  t.equal(list.read(true)?.length, 2);
  rmSync(join(top, 'below/cgroup.procs'));
  t.equal(list.read(true), undefined);
  t.strictSame(reports, ['readFailed processes cgroup.procs missing']);
  t.equal(newList(location('/nonexistent'), new KernelFiles(0)).read(true), undefined);
});

t.test('where a list is not understood there is none', async t => {
  const top = t.testdir({});
  cgroup(top, [1]);
  writeFileSync(join(top, 'cgroup.procs'), '1\ntwo\n');
  const reports: string[] = [];
  t.equal(newList(location(top), new KernelFiles(0), reports).read(true), undefined);
  t.strictSame(reports, ['parseFailed processes cgroup.procs']);
});

t.test('on cgroup v1 the pids controller has the list, or any other', async t => {
  const pids = t.testdir({ pids: {}, memory: {} });
  cgroup(join(pids, 'pids'), [1, 2]);
  cgroup(join(pids, 'memory'), [1, 2, 3]);
  const of = (controllers: Map<string, string>): number | undefined =>
    newList({ path: '/x', controllers, unified: undefined }, new KernelFiles(0)).read(true)?.length;
  const memory = ['memory', join(pids, 'memory')] as const;
  t.equal(of(new Map([memory, ['pids', join(pids, 'pids')]])), 2);
  t.equal(of(new Map([memory])), 3);
  t.equal(of(new Map()), undefined);
});

t.test('a container that makes cgroups without end has no list', async t => {
  const top = t.testdir({});
  cgroup(top, [1]);
  for (let index = 0; index < 600; index += 1) cgroup(join(top, `c${index}`), []);
  t.equal(newList(location(top), new KernelFiles(0)).read(true), undefined);
});
