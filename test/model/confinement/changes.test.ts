import t from 'tap';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import { PostureChanges } from '../../../src/model/confinement/changes.js';
import type { ControlChanges, Posture } from '../../../src/model/confinement/changes.js';
import type { Control } from '../../../src/model/confinement/controls.js';
import type { NamespaceFacts } from '../../../src/model/confinement/namespaces.js';
import type { ProcessConfinement } from '../../../src/model/confinement/process.js';
import { confinedProcess } from './support.js';

const NO_LIMITS = { memory: undefined, cpu: undefined, pids: undefined };

interface Looks extends Partial<Omit<Posture, 'unverified' | 'all'>> {
  readonly processes?: readonly ProcessConfinement[];
  readonly complete?: boolean;
  readonly unverified?: readonly Control[];
}

function posture({
  processes = [confinedProcess()],
  complete = true,
  unverified = [],
  ...of
}: Looks = {}): Posture {
  return {
    init: processes[0],
    all: allProcesses(processes[0], processes, complete),
    namespaces: [],
    mounts: { rootReadonly: false, unprotectedPaths: 0, sensitive: [] },
    privileged: { configured: false, kernel: false },
    limits: NO_LIMITS,
    ...of,
    unverified: new Map(unverified.map(control => [control, 'not read'])),
  };
}

/** Notes these looks at one container, a second apart from second 100 on; answers what the last one says. */
function watch(...looks: Looks[]): ControlChanges {
  const changes = new PostureChanges();
  let last: ControlChanges = new Map();
  for (const [index, look] of looks.entries()) last = changes.note('c1', posture(look), 100 + index);
  return last;
}

/** The controls that changed, and how often. */
const changed = (...looks: Looks[]): Record<string, number> =>
  Object.fromEntries(
    [...watch(...looks)].flatMap(([control, { count }]) => (count > 0 ? [[control, count]] : [])),
  );

t.test('what is seen for the first time has not changed', async t => {
  const first = watch({});
  t.strictSame(first.get('seccomp'), { count: 0, lastSeconds: undefined });
  t.notOk(first.has('selinux'), 'a control that this kernel does not have');
  t.notOk(first.has('memory_limit'), 'one that was not read');
  t.strictSame(changed({}, {}, {}), {});
});

t.test('a change, and the change back', async t => {
  const open = { processes: [confinedProcess(), confinedProcess({ seccompMode: 0 })] };
  const after = watch({}, open, open, {});
  t.strictSame(after.get('seccomp'), { count: 2, lastSeconds: 103 });
  t.strictSame(after.get('capabilities'), { count: 0, lastSeconds: undefined });
  t.strictSame(watch({}, open, open).get('seccomp'), { count: 1, lastSeconds: 101 });
});

const facts = (of: Partial<NamespaceFacts>): NamespaceFacts[] => [
  { kind: 'net', inode: 5, hostShared: false, peers: 0, foreignProcesses: 0, ...of },
];
const label = (mode: string, confined: boolean) => ({
  label: { apparmor: { profile: 'p', mode, confined } },
});
const context = (type: string, level: string) => ({
  label: { selinux: { user: 'u', role: 'r', type, level, confined: type !== 'spc_t' } },
});
const mounts = { rootReadonly: false, unprotectedPaths: 0, sensitive: [] };

/** One look and another, and the controls that are others then. */
const CHANGES: [what: string, before: Looks, after: Looks, controls: Control[]][] = [
  [
    'a bounding set',
    {},
    { processes: [confinedProcess({ capabilities: { bounding: 1n } })] },
    ['capabilities'],
  ],
  [
    'no new privileges',
    {},
    { processes: [confinedProcess({ noNewPrivileges: true })] },
    ['no_new_privileges'],
  ],
  ['a mode', {}, { processes: [confinedProcess(label('complain', false))] }, ['apparmor']],
  [
    'a type',
    { processes: [confinedProcess(context('container_t', 's0'))] },
    { processes: [confinedProcess(context('spc_t', 's0'))] },
    ['selinux'],
  ],
  ['a user', {}, { processes: [confinedProcess({ user: { containerUid: 1, hostUid: 1 } })] }, ['user']],
  [
    'a namespace of the host',
    { namespaces: facts({}) },
    { namespaces: facts({ hostShared: true }) },
    ['namespaces'],
  ],
  [
    'somebody who enters',
    { namespaces: facts({}) },
    { namespaces: facts({ foreignProcesses: 2 }) },
    ['namespaces'],
  ],
  [
    'a chroot',
    {},
    { processes: [confinedProcess(), confinedProcess({ rootDirectory: '/x' })] },
    ['root_directory'],
  ],
  ['a root', { mounts }, { mounts: { ...mounts, rootReadonly: true } }, ['readonly_rootfs']],
  ['a cover', { mounts }, { mounts: { ...mounts, unprotectedPaths: 1 } }, ['masked_paths']],
  [
    'a mount',
    { mounts },
    { mounts: { ...mounts, sensitive: [{ class: 'etc', readonly: true }] } },
    ['sensitive_mounts'],
  ],
  ['privilege', {}, { privileged: { configured: false, kernel: true } }, ['privileged']],
  [
    'a limit',
    { limits: { ...NO_LIMITS, memory: 5 } },
    { limits: { ...NO_LIMITS, memory: 6 } },
    ['memory_limit'],
  ],
  [
    'no limit',
    { limits: { ...NO_LIMITS, cpu: 1 } },
    { limits: { ...NO_LIMITS, cpu: Infinity } },
    ['cpu_limit'],
  ],
  ['a count', { limits: { ...NO_LIMITS, pids: 5 } }, { limits: { ...NO_LIMITS, pids: 6 } }, ['pids_limit']],
];
for (const [what, before, after, controls] of CHANGES)
  t.test(`changed: ${what}`, async t => {
    t.strictSame(changed(before, after), Object.fromEntries(controls.map(control => [control, 1])));
  });

t.test('what is another at each start is no change', async t => {
  t.strictSame(
    changed(
      { processes: [confinedProcess(context('container_t', 's0:c1,c2'))] },
      { processes: [confinedProcess(context('container_t', 's0:c3,c4'))] },
    ),
    {},
  );
  t.strictSame(changed({ namespaces: facts({}) }, { namespaces: facts({ inode: 6, peers: 1 }) }), {});
});

t.test('more processes that are confined in the same way are no change, in whatever order', async t => {
  const mode = (mode: string) => confinedProcess(label(mode, true));
  const two = [mode('enforce'), mode('kill')];
  t.strictSame(
    changed({ processes: two }, { processes: two.toReversed() }, { processes: [...two, ...two] }),
    {},
  );
});

t.test('what could not be read is no change, but what is read after it may be', async t => {
  const open = { processes: [confinedProcess({ seccompMode: 0 })] };
  const hidden: Looks = {
    processes: [],
    complete: false,
    unverified: ['seccomp', 'capabilities', 'apparmor'],
  };
  t.strictSame(changed({}, hidden, {}), {});
  t.strictSame(changed({}, hidden, open), { seccomp: 1 });
  t.strictSame(
    changed({}, { ...open, unverified: ['seccomp'] }, {}),
    {},
    'a part of the truth is not compared',
  );
  t.strictSame(watch({}, open, hidden).get('seccomp'), { count: 1, lastSeconds: 101 }, 'counts stay');
});

t.test('containers are watched apart from one another, and over their restarts', async t => {
  const changes = new PostureChanges();
  const open = posture({ processes: [confinedProcess({ seccompMode: 0 })] });
  changes.note('c1', posture(), 1);
  changes.note('c2', open, 1);
  changes.note('c1', open, 2);
  t.equal(changes.note('c2', open, 3).get('seccomp')?.count, 0);
  changes.keepOnly(new Set(['c1']));
  t.equal(changes.note('c1', posture(), 4).get('seccomp')?.count, 2, 'another run of the same container');
  t.equal(changes.note('c2', posture(), 5).get('seccomp')?.count, 0, 'it was forgotten');
});

t.test('what was answered once stays as it was', async t => {
  const changes = new PostureChanges();
  changes.note('c1', posture(), 1);
  const before = changes.note('c1', posture(), 2);
  changes.note('c1', posture({ processes: [confinedProcess({ seccompMode: 0 })] }), 3);
  t.equal(before.get('seccomp')?.count, 0);
});
