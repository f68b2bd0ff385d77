import t from 'tap';
import type { ContainerConfiguration } from '../../../src/discover/container.js';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import { DRIFT_CONTROLS, findDrift } from '../../../src/model/confinement/drift.js';
import type { Drift, KernelState } from '../../../src/model/confinement/drift.js';
import type { TaskCounts } from '../../../src/model/tasks.js';
import { cpu, memory } from '../../metrics/support.js';
import { confinedProcess, DOCKER_MASK } from './support.js';
import type { ProcessFacts } from './support.js';

const DAEMON = ['name=apparmor', 'name=seccomp,profile=default'];

function kernel(of: Partial<KernelState> = {}, ...processes: ProcessFacts[]): KernelState {
  const all = (processes.length === 0 ? [{}] : processes).map(confinedProcess);
  return {
    all: allProcesses(all[0], all, true),
    privileged: false,
    rootReadonly: false,
    cpu: undefined,
    memory: undefined,
    tasks: undefined,
    ...of,
  };
}

const tasks = (threadsMax: number): TaskCounts => ({ threads: 1, threadsPeak: undefined, threadsMax });

/** What drift there is in a container of which all else is as Docker does it by default. */
const driftOf = (
  configuration: ContainerConfiguration,
  state: KernelState,
  daemon: { readonly options: readonly string[] | undefined } = { options: DAEMON },
): Drift => findDrift({ appArmorProfile: 'docker-default', ...configuration }, daemon.options, state);

t.test('a container that is as it was configured', async t => {
  const drift = driftOf({}, kernel());
  t.strictSame(drift, {
    seccomp: false,
    apparmor: false,
    selinux: undefined,
    capabilities: false,
    no_new_privileges: false,
    readonly_rootfs: false,
    user: false,
    privileged: false,
    memory_limit: false,
    cpu_limit: false,
    pids_limit: false,
  });
  t.strictSame(Object.keys(drift).toSorted(), [...DRIFT_CONTROLS].toSorted());
});

/** A container as the kernel shows it to be weaker than its configuration in one control alone. */
const WEAKER: [control: keyof Drift, configuration: ContainerConfiguration, state: KernelState][] = [
  ['seccomp', {}, kernel({}, {}, { seccompMode: 0 })],
  [
    'apparmor',
    {},
    kernel({}, { label: { apparmor: { profile: 'unconfined', mode: 'unconfined', confined: false } } }),
  ],
  ['capabilities', { capDrop: ['ALL'] }, kernel({}, { capabilities: { effective: 1n } })],
  ['no_new_privileges', { securityOptions: ['no-new-privileges'] }, kernel({}, {})],
  ['readonly_rootfs', { readonlyRootfs: true }, kernel()],
  ['user', { user: '1000' }, kernel()],
  ['privileged', {}, kernel({ privileged: true })],
  ['memory_limit', { memoryLimitBytes: 8_000_000 }, kernel({ memory: memory({ limitBytes: Infinity }) })],
  [
    'cpu_limit',
    { cpuLimitCores: 0.5 },
    kernel({ cpu: cpu({ quotaMicroseconds: 100_000, periodMicroseconds: 100_000 }) }),
  ],
  ['pids_limit', { pidsLimit: 100 }, kernel({ tasks: tasks(101) })],
];
for (const [control, configuration, state] of WEAKER)
  t.test(`weaker than configured: ${control}`, async t => {
    const drift = driftOf(configuration, state);
    t.equal(drift[control], true);
    if (control !== 'capabilities')
      t.strictSame(
        Object.entries(drift).flatMap(([name, drifts]) => (drifts === true ? [name] : [])),
        [control],
      );
  });

t.test('a kernel that is stricter is no drift', async t => {
  const strict = kernel(
    { rootReadonly: true, memory: memory({ limitBytes: 1 }), tasks: tasks(1) },
    {
      noNewPrivileges: true,
      capabilities: { effective: 0n, permitted: 0n, bounding: 0n },
      user: { containerUid: 5 },
    },
  );
  const drift = driftOf(
    { securityOptions: ['seccomp=unconfined'], memoryLimitBytes: 4096, pidsLimit: 7 },
    strict,
  );
  t.strictSame(
    Object.entries(drift).filter(([, drifts]) => drifts === true),
    [],
  );
});

t.test('privileged is as much as can be asked for', async t => {
  const state = kernel(
    { privileged: true },
    {
      seccompMode: 0,
      label: {
        apparmor: { profile: 'unconfined', mode: 'unconfined', confined: false },
        selinux: { user: 'u', role: 'r', type: 'spc_t', level: undefined, confined: false },
      },
      capabilities: { effective: 0x1ff_ffff_ffffn, bounding: 0x1ff_ffff_ffffn },
    },
  );
  const drift = driftOf({ privileged: true }, state);
  t.strictSame(
    Object.entries(drift).filter(([, drifts]) => drifts !== false),
    [],
  );
});

t.test('capabilities: every set counts but the inheritable', async t => {
  const extra = DOCKER_MASK | (1n << 21n);
  const exceeds = (capabilities: ProcessFacts['capabilities'] & object, configuration = {}): unknown =>
    driftOf(configuration, kernel({}, {}, { capabilities })).capabilities;
  t.equal(exceeds({ effective: extra }), true);
  t.equal(exceeds({ permitted: extra }), true);
  t.equal(exceeds({ bounding: extra }), true);
  t.equal(exceeds({ ambient: 1n << 41n }), true);
  t.equal(exceeds({ inheritable: extra }), false, 'engines before 20.10.14 filled it');
  t.equal(exceeds({ bounding: extra }, { capAdd: ['SYS_ADMIN'] }), false);
  t.equal(exceeds({ bounding: 0x1ff_ffff_ffffn }, { capAdd: ['ALL'] }), false);
  t.equal(exceeds({}, { capDrop: ['CAP_NET_RAW'] }), true);
});

t.test('what is not known of the kernel is no drift and no absence of it', async t => {
  const one = confinedProcess({ noNewPrivileges: true, user: { containerUid: 7, hostUid: 7 } });
  const state = kernel({
    all: allProcesses(one, [one], false),
    privileged: undefined,
    rootReadonly: undefined,
  });
  const wants: ContainerConfiguration = {
    readonlyRootfs: true,
    user: '7',
    securityOptions: ['no-new-privileges'],
    memoryLimitBytes: 1,
    cpuLimitCores: 1,
    pidsLimit: 1,
  };
  const drift = driftOf(wants, state);
  t.strictSame(
    Object.entries(drift).filter(([, drifts]) => drifts !== undefined),
    [],
  );
  const worse = confinedProcess({ seccompMode: 0, capabilities: { effective: 1n << 21n } });
  const known = driftOf(wants, kernel({ all: allProcesses(worse, [worse], false) }));
  t.equal(known.seccomp, true, 'the one that was read is enough');
  t.equal(known.capabilities, true);
});

t.test('without the security module there is nothing to compare', async t => {
  t.equal(driftOf({ privileged: true }, kernel({}, { label: {} })).apparmor, undefined);
  t.equal(driftOf({}, kernel({}, { label: {} })).apparmor, undefined);
});

t.test('what is not known of the configuration', async t => {
  const open = kernel({}, { seccompMode: 0, label: {} });
  t.equal(driftOf({}, open, { options: undefined }).seccomp, undefined, 'the daemon’s default is not known');
  t.equal(driftOf({}, open, { options: ['name=seccomp,profile=unconfined'] }).seccomp, false);
  t.equal(driftOf({}, open, { options: ['name=apparmor'] }).seccomp, false);
  t.equal(driftOf({}, open, { options: ['name=seccomp,profile=builtin'] }).seccomp, true);
  t.equal(driftOf({ securityOptions: ['seccomp=unconfined'] }, open, { options: undefined }).seccomp, false);
  t.equal(driftOf({ securityOptions: ['seccomp=custom'] }, open, { options: undefined }).seccomp, true);
});

t.test('limits: looser, equal, stricter, none, unread', async t => {
  const memoryDrift = (limitBytes: number | undefined, configured?: number): unknown =>
    driftOf(
      configured === undefined ? {} : { memoryLimitBytes: configured },
      kernel({ memory: memory({ limitBytes }) }),
    ).memory_limit;
  t.equal(memoryDrift(7_999_488, 8_000_000), false, 'the kernel rounds down to pages');
  t.equal(memoryDrift(8_003_584, 8_000_000), false, 'less than a thousandth is no limit of another size');
  t.equal(memoryDrift(8_192_000, 8_000_000), true);
  t.equal(memoryDrift(4096, 8_000_000), false);
  t.equal(memoryDrift(Infinity, 8_000_000), true);
  t.equal(memoryDrift(undefined, 8_000_000), undefined);
  t.equal(memoryDrift(Infinity), false, 'none was asked for');
  const cpuDrift = (quotaMicroseconds: number | undefined): unknown =>
    driftOf(
      { cpuLimitCores: 1 / 3 },
      kernel({ cpu: cpu({ quotaMicroseconds, periodMicroseconds: 100_000 }) }),
    ).cpu_limit;
  t.equal(cpuDrift(33_333), false);
  t.equal(cpuDrift(33_334), false, 'a third of a CPU cannot be written in whole microseconds');
  t.equal(cpuDrift(50_000), true);
  t.equal(cpuDrift(Infinity), true);
  t.equal(cpuDrift(undefined), undefined);
});
