import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { Outsiders } from '../../../src/poll/confinement/outsiders.js';
import { KernelFiles } from '../../../src/read/kernel-file.js';
import { asNobody } from '../../read/as-nobody.js';
import { freshDirectory } from '../../serve/support.js';
import { finish, HOST_NAMESPACES, inAll, removeProcess, writeProcess } from './support.js';

const KNOWN = 'a'.repeat(64);
const SANDBOXED = inAll(1, { mnt: 20, uts: 21 });

interface World {
  readonly procfs: string;
  readonly outsiders: Outsiders;
  readonly look: (of?: {
    readonly slow?: boolean;
    readonly inContainers?: readonly number[];
    readonly later?: number;
  }) => void;
}

/** The host's first process, and a shell in the host's namespaces. */
function openWorld(t: Test): World {
  const procfs = freshDirectory(t);
  writeProcess(procfs, 1, { namespaces: HOST_NAMESPACES });
  writeProcess(procfs, 5, { namespaces: HOST_NAMESPACES });
  const outsiders = new Outsiders(procfs, new KernelFiles(0));
  let monotonicSeconds = 0;
  return {
    procfs,
    outsiders,
    look({ slow = false, inContainers = [], later = 60 } = {}) {
      monotonicSeconds += later;
      const turn = { slow, monotonicSeconds, isKnown: (id: string) => id === KNOWN };
      finish(outsiders.look(outsiders.list(), new Set(inContainers), HOST_NAMESPACES, turn));
    },
  };
}

t.test('the processes of a host, and nothing else of /proc', async t => {
  const { procfs, outsiders } = openWorld(t);
  for (const name of ['sys', 'self', '07', '1x', '-1']) mkdirSync(join(procfs, name));
  t.strictSame(
    outsiders.list().toSorted((a, b) => a - b),
    [1, 5],
  );
  t.strictSame(new Outsiders('/nonexistent', new KernelFiles(0)).list(), []);
});

t.test('only processes in other namespaces than the host’s are told', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  t.equal(outsiders.namespaces, undefined, 'nothing before it is looked at');
  look();
  t.strictSame(outsiders.namespaces, []);
  t.equal(outsiders.complete, true);
  writeProcess(procfs, 6, { namespaces: SANDBOXED });
  look();
  t.strictSame(outsiders.namespaces, [SANDBOXED]);
  look();
  const before = outsiders.namespaces;
  look();
  t.equal(outsiders.namespaces, before, 'the same object while nobody new comes');
  removeProcess(procfs, 6);
  look();
  t.strictSame(outsiders.namespaces, []);
});

t.test('a kind that this kernel does not have is no other namespace', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  const { time: _time, ...rest } = HOST_NAMESPACES;
  writeProcess(procfs, 6, { namespaces: rest });
  look();
  t.strictSame(outsiders.namespaces, []);
});

t.test('processes of containers are no outsiders', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  const cgroup = (id: string): Record<string, string> => ({
    cgroup: `12:pids:/docker/${id}\n0::/system.slice/docker-${id}.scope\n`,
  });
  writeProcess(procfs, 6, { namespaces: inAll(6) });
  writeProcess(procfs, 7, { namespaces: inAll(7), files: cgroup(KNOWN) });
  writeProcess(procfs, 8, { namespaces: inAll(8), files: cgroup('b'.repeat(64)) });
  look({ inContainers: [6] });
  t.strictSame(outsiders.namespaces, [inAll(8)], '6 was listed, 7 is known; nobody knows the container of 8');
});

t.test('one that ends during the look, and one whose cgroup is not understood', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  writeProcess(procfs, 6, { namespaces: SANDBOXED, files: { cgroup: undefined } });
  look();
  t.strictSame(outsiders.namespaces, []);
  t.equal(outsiders.complete, true);
  writeProcess(procfs, 7, { namespaces: SANDBOXED, files: { cgroup: 'no line of that file\n' } });
  look();
  t.strictSame(outsiders.namespaces, [SANDBOXED]);
});

t.test('a process that a runtime prepares for a container is told of when it stays', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  const stat =
    '6 (runc:[2:INIT]) S 2 0 0 0 -1 4194368 0 0 0 0 0 0 0 0 20 0 1 0 30 0 0 18446744073709551615 0\n';
  writeProcess(procfs, 6, { namespaces: SANDBOXED, files: { stat } });
  look();
  t.strictSame(outsiders.namespaces, [], 'for a moment it is in the namespaces, and not yet in the cgroup');
  look({ later: 5 });
  t.strictSame(outsiders.namespaces, [], 'on a slow machine for longer');
  look({ later: 5 });
  t.strictSame(outsiders.namespaces, [SANDBOXED], 'a name is no disguise');
});

t.test('a thread of the kernel’s own is nobody’s', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  // As kdevtmpfs is in a mount namespace of its own; PF_KTHREAD is 0x00200000.
  const stat = '6 (kdevtmpfs) S 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 30 0 0 18446744073709551615 0\n';
  writeProcess(procfs, 6, { namespaces: inAll(1, { mnt: 30 }), files: { stat } });
  look();
  t.strictSame(outsiders.namespaces, []);
});

t.test('a process that has settled is looked at in the slow tier', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  writeProcess(procfs, 6, { namespaces: HOST_NAMESPACES });
  look({ later: 1 });
  writeProcess(procfs, 6, { namespaces: SANDBOXED });
  look({ later: 1 });
  t.strictSame(outsiders.namespaces, [SANDBOXED], 'one that has just started may be on its way');
  look({ later: 10 });
  writeProcess(procfs, 6, { namespaces: HOST_NAMESPACES });
  look({ later: 10 });
  t.strictSame(outsiders.namespaces, [SANDBOXED]);
  look({ slow: true });
  t.strictSame(outsiders.namespaces, []);
});

t.test('a /proc that shows this process’s own alone (hidepid) tells nothing', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  removeProcess(procfs, 1);
  look();
  t.equal(outsiders.namespaces, undefined);
  t.equal(outsiders.complete, false);
  writeProcess(procfs, 1, { namespaces: HOST_NAMESPACES });
  look();
  t.strictSame(outsiders.namespaces, []);
});

t.test('without the right to look', async t => {
  const { procfs, outsiders, look } = openWorld(t);
  writeProcess(procfs, 6, { namespaces: SANDBOXED });
  look();
  outsiders.skip();
  t.equal(outsiders.namespaces, undefined);
  t.equal(outsiders.complete, false);
  look();
  t.strictSame(outsiders.namespaces, [SANDBOXED]);
});

t.test('one that may not be looked at may be anywhere', async t => {
  if (process.getuid?.() !== 0) return t.comment('this is not root');
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill('SIGKILL'));
  const outsiders = new Outsiders('/proc', new KernelFiles(0));
  const turn = { slow: true, monotonicSeconds: 1, isKnown: () => false };
  asNobody(() => finish(outsiders.look([1, child.pid ?? 0], new Set(), HOST_NAMESPACES, turn)));
  t.equal(outsiders.complete, false);
  asNobody(() => finish(outsiders.look([1], new Set(), HOST_NAMESPACES, turn)));
  t.equal(outsiders.complete, true, 'the first process is not expected to let anybody look');
});
