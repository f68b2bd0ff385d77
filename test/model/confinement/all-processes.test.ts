import t from 'tap';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import type { AllProcesses } from '../../../src/model/confinement/all-processes.js';
import type { ProcessConfinement } from '../../../src/model/confinement/process.js';
import { confinedProcess, DOCKER_MASK, unknownProcess } from './support.js';

/** The first is the container's first process. */
const all = (...processes: ProcessConfinement[]): AllProcesses => allProcesses(processes[0], processes, true);

/** The same where one more process could not be seen. */
const incomplete = (...processes: ProcessConfinement[]): AllProcesses =>
  allProcesses(processes[0], processes, false);

const init = confinedProcess();

t.test('one process is its own worst case', async t => {
  t.strictSame(all(init), {
    seccompMode: 2,
    seccompFilters: 1,
    seccompModes: [0, 0, 1],
    noNewPrivileges: false,
    capabilities: {
      effective: DOCKER_MASK,
      permitted: DOCKER_MASK,
      inheritable: 0n,
      bounding: DOCKER_MASK,
      ambient: 0n,
    },
    seenCapabilities: {
      effective: DOCKER_MASK,
      permitted: DOCKER_MASK,
      inheritable: 0n,
      bounding: DOCKER_MASK,
      ambient: 0n,
    },
    effectiveSets: new Map([[DOCKER_MASK, 1]]),
    apparmorConfined: true,
    apparmorProfiles: [{ profile: 'docker-default', mode: 'enforce', confined: true }],
    selinuxConfined: undefined,
    selinuxContexts: [],
    containerUid: 0,
    hostUid: 0,
    containerRoots: 1,
    hostRoots: 1,
    chrooted: 0,
  });
});

t.test('seccomp: the smallest mode counts', async t => {
  const mixed = all(
    init,
    confinedProcess({ seccompMode: 0, seccompFilters: 0 }),
    confinedProcess({ seccompMode: 1 }),
    confinedProcess({ seccompFilters: 3 }),
  );
  t.equal(mixed.seccompMode, 0);
  t.equal(mixed.seccompFilters, 0);
  t.strictSame(mixed.seccompModes, [1, 1, 2]);
  t.equal(all(init, confinedProcess({ seccompMode: 1 })).seccompMode, 1);
});

t.test('a process that nobody saw must not read as confined', async t => {
  const seen = incomplete(init, confinedProcess({ noNewPrivileges: true }));
  t.equal(seen.seccompMode, undefined);
  t.equal(seen.seccompFilters, undefined);
  t.equal(seen.seccompModes, undefined);
  t.equal(seen.apparmorConfined, undefined);
  t.equal(seen.capabilities.effective, undefined);
  t.equal(seen.capabilities.ambient, undefined);
  t.equal(seen.seenCapabilities.effective, DOCKER_MASK, 'that some hold these is known all the same');
  t.equal(seen.containerRoots, undefined);
  t.equal(seen.hostRoots, undefined);
  t.equal(seen.chrooted, undefined);
  const worse = incomplete(confinedProcess({ noNewPrivileges: true, user: { containerUid: 5, hostUid: 5 } }));
  t.equal(worse.noNewPrivileges, undefined);
  t.equal(worse.containerUid, undefined);
  t.equal(worse.hostUid, undefined);
});

t.test('what is the worst already cannot be worse for one that nobody saw', async t => {
  const seen = incomplete(
    confinedProcess({
      seccompMode: 0,
      seccompFilters: 0,
      noNewPrivileges: false,
      label: {
        apparmor: { profile: 'unconfined', mode: 'unconfined', confined: false },
        selinux: { user: 'u', role: 'r', type: 'spc_t', level: undefined, confined: false },
      },
    }),
  );
  t.equal(seen.seccompMode, 0);
  t.equal(seen.seccompFilters, 0);
  t.equal(seen.noNewPrivileges, false);
  t.equal(seen.apparmorConfined, false);
  t.equal(seen.selinuxConfined, false);
  t.equal(seen.containerUid, 0);
  t.equal(seen.hostUid, 0);
});

t.test('what one process keeps to itself is not known of all', async t => {
  const hidden = unknownProcess({
    seccompMode: 2,
    user: { hostUid: 7 },
    unverified: ['apparmor', 'selinux', 'user', 'root_directory'],
  });
  const seen = all(confinedProcess({ user: { containerUid: 3, hostUid: 3 } }), hidden);
  t.equal(seen.seccompMode, 2, 'its status could be read');
  t.equal(seen.apparmorConfined, undefined);
  t.equal(seen.apparmorProfiles.length, 1);
  t.equal(seen.containerUid, undefined);
  t.equal(seen.containerRoots, undefined);
  t.equal(seen.hostUid, 3, 'the status has these');
  t.equal(seen.hostRoots, 0);
  t.equal(seen.chrooted, undefined);
});

t.test('a kernel that does not tell makes no worst case, and no count of 0', async t => {
  const old = unknownProcess({ capabilities: { effective: 1n, bounding: 1n } });
  const seen = all(old, old);
  t.equal(seen.seccompMode, undefined);
  t.equal(seen.seccompModes, undefined);
  t.equal(seen.noNewPrivileges, undefined);
  t.equal(seen.capabilities.ambient, undefined);
  t.equal(seen.capabilities.effective, 1n);
  t.equal(seen.apparmorConfined, undefined);
  t.equal(seen.selinuxConfined, undefined);
});

t.test('capabilities: everything that any of them holds, with bits that have no name', async t => {
  const high = 1n << 63n;
  const future = 1n << 41n;
  const seen = all(
    confinedProcess({ capabilities: { effective: 0n, permitted: 1n } }),
    confinedProcess({ capabilities: { effective: high } }),
    confinedProcess({ capabilities: { effective: future, ambient: 2n } }),
    confinedProcess({ capabilities: { effective: high } }),
  );
  t.equal(seen.capabilities.effective, 0x8000_0200_0000_0000n);
  t.equal(seen.capabilities.permitted, DOCKER_MASK);
  t.equal(seen.capabilities.ambient, 2n);
  t.strictSame(
    seen.effectiveSets,
    new Map([
      [0n, 1],
      [high, 2],
      [future, 1],
    ]),
  );
});

t.test('security labels: each once', async t => {
  const complaining = { profile: 'docker-default', mode: 'complain', confined: false };
  const enforced = { profile: 'docker-default', mode: 'enforce', confined: true };
  const seen = all(init, confinedProcess({ label: { apparmor: complaining } }), confinedProcess());
  t.equal(seen.apparmorConfined, false);
  t.strictSame(seen.apparmorProfiles, [enforced, complaining]);
  const context = {
    user: 'system_u',
    role: 'system_r',
    type: 'container_t',
    level: 's0:c1,c2',
    confined: true,
  };
  const labelled = (level: string): ProcessConfinement =>
    confinedProcess({ label: { selinux: { ...context, level } } });
  const selinux = all(labelled('s0:c1,c2'), labelled('s0:c1,c2'), labelled('s0:c3,c4'));
  t.equal(selinux.selinuxConfined, true);
  t.strictSame(selinux.selinuxContexts, [context, { ...context, level: 's0:c3,c4' }]);
});

t.test('users: the smallest id is the most privileged', async t => {
  const user = (containerUid: number | undefined, hostUid: number): ProcessConfinement =>
    confinedProcess({ user: { containerUid, hostUid } });
  const seen = all(user(1000, 101_000), user(0, 100_000), user(0, 100_000));
  t.equal(seen.containerUid, 0);
  t.equal(seen.hostUid, 100_000);
  t.equal(seen.containerRoots, 2);
  t.equal(seen.hostRoots, 0);
  const unmapped = all(user(1000, 101_000), user(undefined, 0));
  t.equal(unmapped.containerUid, 1000, 'one that has no number in its namespace is none of it');
  t.equal(unmapped.hostRoots, 1);
});

t.test('chrooted: another root directory than the first process', async t => {
  const at = (rootDirectory: string): ProcessConfinement => confinedProcess({ rootDirectory });
  t.equal(all(at('/'), at('/'), at('/srv/jail'), at('/tmp')).chrooted, 2);
  t.equal(allProcesses(undefined, [at('/'), at('/tmp')], true).chrooted, undefined);
});

t.test('without any process nothing is known', async t => {
  const none = allProcesses(undefined, [], false);
  for (const [name, value] of Object.entries(none))
    if (!['capabilities', 'seenCapabilities', 'effectiveSets'].includes(name) && !Array.isArray(value))
      t.equal(value, undefined, name);
  t.strictSame(
    Object.values(none.capabilities).filter(mask => mask !== undefined),
    [],
  );
});
