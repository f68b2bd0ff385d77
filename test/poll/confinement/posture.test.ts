import t from 'tap';
import type { Test } from 'tap';
import type { Container } from '../../../src/discover/container.js';
import type { ConfinementSampler } from '../../../src/poll/confinement/confinement-sampler.js';
import type { HostConfinement } from '../../../src/poll/confinement/host-confinement.js';
import { Posture } from '../../../src/poll/confinement/posture.js';
import type { PostureMember, PostureTurn } from '../../../src/poll/confinement/posture.js';
import type { NamespaceFacts } from '../../../src/model/confinement/namespaces.js';
import type { ConfinementSample } from '../../../src/model/confinement/sample.js';
import { sample } from '../../support/sample.js';
import { recordingReporter } from '../support.js';
import { CONTAINER, openContainer } from './container-scene.js';
import { finish, HOST_NAMESPACES, hostConfinement, inAll, writeProcess } from './support.js';

/** One container with process 10, and the host's own first process, in one /proc. */
function openPosture(t: Test, host: Partial<HostConfinement> = {}) {
  const scene = openContainer(t, { 10: {} });
  writeProcess(scene.procfs, 1, { namespaces: HOST_NAMESPACES });
  const reports: string[] = [];
  const options = { capabilityBaseline: 0n, reporter: recordingReporter(reports) };
  const posture = new Posture(scene.procfs, scene.files, options);
  const facts = hostConfinement(host);
  const failed: string[] = [];
  let seconds = 0;
  const turn = (slow: boolean): PostureTurn => ({
    nowSeconds: (seconds += 60),
    monotonicSeconds: seconds,
    slow,
    host: facts,
    hostPaths: { mounts: [], containerSockets: [], dockerRoot: undefined },
    containerIds: new Set([CONTAINER.id]),
    kernelHas: () => false,
    daemonOptions: undefined,
    isKnown: id => id === CONTAINER.id,
    failed: ({ name }, error) => void failed.push(`${name} ${String(error)}`),
  });
  const member = (
    sampler: ConfinementSampler | undefined,
    container: Container = CONTAINER,
  ): PostureMember => ({
    container,
    sampler,
    sample: sample({ container }),
    slow: false,
  });
  return {
    ...scene,
    posture,
    failed,
    turn,
    member: member(scene.sampler),
    elsewhere: (container: Container) => member(undefined, container),
    /** A whole round; answers what it says of each member, in their order. */
    round: (members = [member(scene.sampler)], slow = false) => {
      const now = turn(slow);
      finish(posture.look(members, now));
      const concluded = new Map<string, ConfinementSample>();
      finish(posture.conclude(members, now, concluded));
      return members.map(({ container }) => concluded.get(container.id));
    },
  };
}

const netOf = (facts: readonly NamespaceFacts[] | undefined): Partial<NamespaceFacts> | undefined =>
  facts?.find(({ kind }) => kind === 'net');

t.test('a container, compared with the host', async t => {
  const { posture, round } = openPosture(t);
  t.equal(posture.unmanaged, undefined);
  const [confinement] = round();
  t.strictSame(netOf(confinement?.namespaces), {
    kind: 'net',
    inode: 5,
    hostShared: false,
    peers: 0,
    foreignProcesses: 0,
  });
  t.equal(posture.unmanaged?.net, 0);
});

t.test('nsenter shows in the next round, and goes', async t => {
  const { procfs, round, posture } = openPosture(t);
  round();
  writeProcess(procfs, 90, { namespaces: inAll(1, { net: 5 }) });
  writeProcess(procfs, 91, { namespaces: inAll(1, { net: 33 }) });
  const [confinement] = round();
  t.equal(netOf(confinement?.namespaces)?.foreignProcesses, 1);
  t.equal(posture.unmanaged?.net, 1, 'unshare is nobody’s');
  t.equal(posture.unmanaged?.mnt, 0);
  t.equal(confinement?.changes.get('namespaces')?.count, 1);
});

t.test('the same sample until something changes, in its own namespaces or around it', async t => {
  const { procfs, round } = openPosture(t);
  round();
  const [before] = round();
  t.equal(round()[0], before);
  writeProcess(procfs, 91, { namespaces: inAll(1, { net: 33 }) });
  t.equal(round()[0], before, 'it is of no concern to the container');
  writeProcess(procfs, 90, { namespaces: inAll(1, { net: 5 }) });
  t.not(round()[0], before);
});

t.test('without the right to look, what takes it is unverified', async t => {
  const { round, posture, procfs } = openPosture(t, { mayTrace: false, namespaces: {} });
  writeProcess(procfs, 90, { namespaces: inAll(1, { net: 5 }) });
  const [confinement] = round();
  t.equal(netOf(confinement?.namespaces)?.hostShared, undefined);
  t.equal(netOf(confinement?.namespaces)?.foreignProcesses, undefined);
  t.equal(netOf(confinement?.namespaces)?.inode, 5);
  t.ok(confinement?.unverified.has('namespaces'));
  t.equal(confinement?.all.seccompMode, 2, 'the rest is known');
  t.equal(posture.unmanaged, undefined);
});

t.test('a container whose look fails costs only itself, and keeps nothing of before', async t => {
  const { round, start, failed, member, elsewhere } = openPosture(t);
  const other = { ...CONTAINER, id: 'c'.repeat(64), name: 'elsewhere' };
  t.equal(round()[0]?.all.seccompMode, 2);
  start(11, { files: { cgroup: 'no line of that file\n' } });
  const [broken, lost] = round([member, elsewhere(other)]);
  t.match(failed, [/^web ParseError/]);
  t.equal(broken?.all.seccompMode, undefined);
  t.ok(broken?.unverified.has('seccomp'));
  t.ok(lost?.unverified.has('seccomp'), 'a member that is not here');
});

t.test('a glance at one container shows at once, compared as in the last round', async t => {
  const { posture, round, member, start, turn } = openPosture(t);
  round();
  start(11, { seccomp: 0 });
  const now = turn(false);
  finish(posture.lookAt(member, now));
  const glanced = posture.concludeOne(member, now);
  t.equal(glanced?.all.seccompMode, 0);
  t.equal(netOf(glanced?.namespaces)?.inode, 5);
  t.equal(glanced?.changes.get('seccomp')?.count, 1);
  const [confinement] = round();
  t.equal(confinement?.changes.get('seccomp')?.count, 1, 'it is counted once');
});

t.test('a process that was there for a glance alone is counted too', async t => {
  const { posture, round, member, start, end, turn } = openPosture(t);
  round();
  start(11, { seccomp: 0 });
  const now = turn(false);
  finish(posture.lookAt(member, now));
  posture.concludeOne(member, now);
  end(11);
  const [confinement] = round();
  t.equal(confinement?.all.seccompMode, 2);
  t.equal(confinement?.changes.get('seccomp')?.count, 2, 'to it and back');
});
