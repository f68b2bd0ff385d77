import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { CgroupLocation } from '../../src/locate/locate.js';
import { ProcessCounter } from '../../src/poll/process-counter.js';
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

function newCounter(where: CgroupLocation, files: KernelFiles, reports: string[] = []): ProcessCounter {
  return new ProcessCounter(where, files, recordingReporter(reports));
}

t.test('processes of a cgroup and of all below it', async t => {
  const top = t.testdir({});
  cgroup(top, []);
  cgroup(join(top, 'init'), [10]);
  cgroup(join(top, 'payload/a'), [11, 12]);
  cgroup(join(top, 'payload'), []);
  const files = new KernelFiles(10);
  const counter = newCounter(location(top), files);
  t.equal(counter.count(true), 3);
  t.strictSame(
    counter.processIds().toSorted((a, b) => a - b),
    [10, 11, 12],
  );
  cgroup(join(top, 'init'), [10, 13]);
  t.equal(counter.count(false), 4);
  cgroup(join(top, 'late'), [14]);
  t.equal(counter.count(true), 5, 'new cgroups are found in the slow tier');
  counter.close();
  t.equal(files.held, 0);
});

t.test('processes of another pid namespace have no pid here, and count all the same', async t => {
  const top = t.testdir({});
  cgroup(top, [0, 0, 15]);
  const counter = newCounter(location(top), new KernelFiles(10));
  t.equal(counter.count(true), 3);
  t.strictSame(counter.processIds(), [15]);
  counter.close();
});

t.test('where a list cannot be read there is no count rather than a wrong one', async t => {
  const top = t.testdir({});
  cgroup(top, [1]);
  cgroup(join(top, 'below'), [2]);
  const reports: string[] = [];
  const counter = newCounter(location(top), new KernelFiles(0), reports);
  t.equal(counter.count(true), 2);
  rmSync(join(top, 'below/cgroup.procs'));
  t.equal(counter.count(true), undefined);
  t.strictSame(reports, ['readFailed processes cgroup.procs missing']);
  t.equal(newCounter(location('/nonexistent'), new KernelFiles(0)).count(true), undefined);
});

t.test('on cgroup v1 the pids controller has the list, or any other', async t => {
  const pids = t.testdir({ pids: {}, memory: {} });
  cgroup(join(pids, 'pids'), [1, 2]);
  cgroup(join(pids, 'memory'), [1, 2, 3]);
  const of = (controllers: Map<string, string>): number | undefined =>
    newCounter({ path: '/x', controllers, unified: undefined }, new KernelFiles(0)).count(true);
  const memory = ['memory', join(pids, 'memory')] as const;
  t.equal(of(new Map([memory, ['pids', join(pids, 'pids')]])), 2);
  t.equal(of(new Map([memory])), 3);
  t.equal(of(new Map()), undefined);
});

t.test('a container that makes cgroups without end is not counted', async t => {
  const top = t.testdir({});
  cgroup(top, [1]);
  for (let index = 0; index < 600; index += 1) cgroup(join(top, `c${index}`), []);
  t.equal(newCounter(location(top), new KernelFiles(0)).count(true), undefined);
});
