import t from 'tap';
import type { ContainerConfiguration } from '../../../src/discover/container.js';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import type { Control } from '../../../src/model/confinement/controls.js';
import type { NamespaceFacts } from '../../../src/model/confinement/namespaces.js';
import type { ProcessConfinement } from '../../../src/model/confinement/process.js';
import type { ConfinementSample } from '../../../src/model/confinement/sample.js';
import type { ContainerSample } from '../../../src/model/sample.js';
import type {
  ConfinementSampler,
  OwnConfinement,
} from '../../../src/poll/confinement/confinement-sampler.js';
import { PostureJudge } from '../../../src/poll/confinement/posture-judge.js';
import type { PostureMember, PostureTurn } from '../../../src/poll/confinement/posture.js';
import { cpu, memory } from '../../metrics/support.js';
import { confinedProcess } from '../../model/confinement/support.js';
import { container } from '../../support/container.js';
import { sample } from '../../support/sample.js';
import { found, recordingReporter } from '../support.js';
import { hostConfinement } from './support.js';

const WEB = container({ configuration: { privileged: false } });

function seen(...processes: ProcessConfinement[]): OwnConfinement {
  return {
    init: processes[0],
    processes,
    complete: true,
    all: allProcesses(processes[0], processes, true),
    mounts: { rootReadonly: true, unprotectedPaths: 0, sensitive: [] },
    unverified: new Map<Control, string>(),
  };
}

function member(own: OwnConfinement | undefined, of: Partial<PostureMember> = {}): PostureMember {
  const sampler = { own } as ConfinementSampler;
  return { container: WEB, sampler, sample: sample({ container: WEB }), slow: false, ...of };
}

function turn(of: Partial<PostureTurn> = {}): PostureTurn {
  return {
    nowSeconds: 100,
    monotonicSeconds: 100,
    slow: false,
    host: hostConfinement(),
    hostPaths: { mounts: [], containerSockets: [], dockerRoot: undefined },
    containerIds: new Set([WEB.id]),
    kernelHas: () => false,
    daemonOptions: ['name=seccomp,profile=default'],
    isKnown: () => true,
    failed: () => undefined,
    ...of,
  };
}

const ALONE: NamespaceFacts = { kind: 'net', inode: 5, hostShared: false, peers: 0, foreignProcesses: 0 };
const NO_FACTS: readonly NamespaceFacts[] = [];

function openJudge() {
  const reports: string[] = [];
  const judge = new PostureJudge({ capabilityBaseline: 1n, reporter: recordingReporter(reports) });
  return {
    reports,
    keepOnly: (ids: string[]) => judge.keepOnly(new Set(ids)),
    judge: (of: PostureMember, facts = NO_FACTS, now = turn()): ConfinementSample =>
      found(judge.judge(of, facts, now)),
    tryToJudge: (of: PostureMember) => judge.judge(of, NO_FACTS, turn()),
  };
}

t.test('what was seen becomes a sample', async t => {
  const own = seen(confinedProcess());
  const facts = [ALONE];
  const judged = openJudge().judge(member(own), facts);
  t.equal(judged.init, own.init);
  t.equal(judged.all, own.all);
  t.equal(judged.mounts, own.mounts);
  t.equal(judged.namespaces, facts);
  t.strictSame(judged.privileged, { configured: false, kernel: false });
  t.equal(judged.capabilityBaseline, 1n);
  t.strictSame(judged.unverified, new Map());
  t.equal(judged.drift.seccomp, false);
  t.strictSame(judged.changes.get('seccomp'), { count: 0, lastSeconds: undefined });
});

t.test('while everything is the same, so is the judgement', async t => {
  const { judge } = openJudge();
  const own = seen(confinedProcess());
  const first = judge(member(own));
  t.equal(judge(member(own), NO_FACTS, turn({ nowSeconds: 200 })), first);
  t.not(judge(member(seen(confinedProcess()))), first);
  const limited = { sample: sample({ container: WEB, memory: memory({ limitBytes: 5 }) }) };
  const { judge: other } = openJudge();
  const before = other(member(own));
  t.not(other(member(own, limited)), before);
  t.not(other(member(own, limited), [ALONE]), other(member(own, limited)));
});

t.test('a container that runs elsewhere has nothing verified', async t => {
  const { judge, reports } = openJudge();
  const { init, all, unverified, privileged } = judge(member(undefined, { sampler: undefined }));
  t.equal(init, undefined);
  t.equal(all.seccompMode, undefined);
  t.equal(privileged.kernel, undefined);
  for (const control of ['seccomp', 'capabilities', 'namespaces', 'masked_paths', 'privileged'] as const)
    t.ok(unverified.has(control), control);
  t.notOk(unverified.has('memory_limit'), 'no limit was asked for');
  t.match(reports, [/^unverified web seccomp,capabilities,/]);
});

t.test('of one that has no processes there is nothing to judge', async t => {
  t.equal(openJudge().tryToJudge(member(undefined)), undefined);
});

t.test('what changed, when and how often, over another run of the same container', async t => {
  const { judge, keepOnly } = openJudge();
  const open = seen(confinedProcess({ seccompMode: 0 }));
  judge(member(seen(confinedProcess())));
  const changed = judge(member(open), NO_FACTS, turn({ nowSeconds: 200 }));
  t.strictSame(changed.changes.get('seccomp'), { count: 1, lastSeconds: 200 });
  const restarted = { ...WEB, startedAtSeconds: 300, pid: 77 };
  const again = judge(
    member(seen(confinedProcess()), { container: restarted }),
    NO_FACTS,
    turn({ nowSeconds: 300 }),
  );
  t.strictSame(again.changes.get('seccomp'), { count: 2, lastSeconds: 300 });
  keepOnly([]);
  t.equal(judge(member(open)).changes.get('seccomp')?.count, 0, 'it was removed');
});

t.test('drift from the configuration', async t => {
  const configured = (configuration: ContainerConfiguration, source: 'docker' | 'cgroup' = 'docker') =>
    openJudge().judge(
      member(seen(confinedProcess({ seccompMode: 0 })), { container: { ...WEB, configuration, source } }),
    ).drift;
  t.equal(configured({}).seccomp, true);
  t.equal(configured({ securityOptions: ['seccomp=unconfined'] }).seccomp, false);
  t.equal(configured({ readonlyRootfs: true }).readonly_rootfs, false);
  t.strictSame(configured({}, 'cgroup'), {}, 'one found in the cgroup tree has no configuration');
});

t.test('limits: read, unread, and not asked for', async t => {
  const configuration = { memoryLimitBytes: 1000, cpuLimitCores: 2, pidsLimit: 10 };
  const limited = { ...WEB, configuration };
  const judged = (of: Partial<ContainerSample>): ConfinementSample =>
    openJudge().judge(
      member(seen(confinedProcess()), { container: limited, sample: sample({ container: limited, ...of }) }),
    );
  const unread = judged({});
  for (const control of ['memory_limit', 'cpu_limit', 'pids_limit'] as const) {
    t.equal(unread.unverified.get(control), 'the limit cannot be read');
    t.equal(unread.drift[control], undefined);
  }
  const read = judged({
    memory: memory({ limitBytes: 1000 }),
    cpu: cpu({ quotaMicroseconds: 300_000, periodMicroseconds: 100_000 }),
    tasks: { threads: 1, threadsPeak: undefined, threadsMax: Infinity },
  });
  t.strictSame(read.unverified, new Map());
  t.equal(read.drift.memory_limit, false);
  t.equal(read.drift.cpu_limit, true);
  t.equal(read.drift.pids_limit, true);
  t.ok(read.changes.has('cpu_limit'));
});

t.test('what can only be told with the host’s own facts', async t => {
  const judged = (fact: Partial<NamespaceFacts>, host = hostConfinement()): readonly Control[] => [
    ...openJudge()
      .judge(member(seen(confinedProcess())), [{ ...ALONE, ...fact }], turn({ host }))
      .unverified.keys(),
  ];
  t.strictSame(judged({}), []);
  t.strictSame(judged({ hostShared: undefined }), ['namespaces']);
  t.strictSame(judged({ foreignProcesses: undefined }), ['namespaces']);
  t.strictSame(judged({ hostShared: true, foreignProcesses: undefined }), [], 'in the host’s, all are');
  t.strictSame(judged({ inode: undefined, hostShared: undefined, foreignProcesses: undefined }), []);
  t.strictSame(judged({}, hostConfinement({ boundingCapabilities: undefined })), ['privileged']);
});

t.test('what is not verified is told when that becomes another', async t => {
  const { judge, reports } = openJudge();
  const hiding = (...controls: Control[]): OwnConfinement => ({
    ...seen(confinedProcess()),
    unverified: new Map(controls.map(control => [control, 'forbidden'])),
  });
  judge(member(hiding()));
  t.strictSame(reports, []);
  judge(member(hiding('user')));
  judge(member(hiding('user')));
  judge(member(hiding()));
  t.strictSame(reports, ['unverified web user', 'unverified web ']);
});
