import t from 'tap';
import { NAMESPACE_KINDS } from '../../../src/model/confinement/namespace-kinds.js';
import type { NamespaceKind } from '../../../src/model/confinement/namespace-kinds.js';
import { compareNamespaces, countUnmanaged } from '../../../src/model/confinement/namespaces.js';
import type {
  NamespaceFacts,
  NamespaceMember,
  NamespaceWorld,
} from '../../../src/model/confinement/namespaces.js';
import type { Namespaces } from '../../../src/model/confinement/process.js';

/** A process that is in namespace `inode` of every kind, but for those that a test says. */
function inAll(inode: number, but: Namespaces = {}): Namespaces {
  return { ...Object.fromEntries(NAMESPACE_KINDS.map(kind => [kind, inode])), ...but };
}

const HOST = inAll(1);

/** A container of which every process is known. */
function member(...processes: Namespaces[]): NamespaceMember {
  return { init: processes[0], processes, complete: true };
}

function world(members: readonly NamespaceMember[], of: Partial<NamespaceWorld> = {}): NamespaceWorld {
  return { members, host: HOST, outsiders: [], outsidersComplete: true, ...of };
}

/** What is found of one kind, for each member. */
function facts(kind: NamespaceKind, of: NamespaceWorld): Omit<NamespaceFacts, 'kind'>[] {
  return compareNamespaces(of).map(all => {
    const { kind: _kind, ...rest } = all.find(one => one.kind === kind) ?? { kind };
    return rest as Omit<NamespaceFacts, 'kind'>;
  });
}

const ALONE = { hostShared: false, peers: 0, foreignProcesses: 0 };

t.test('a container by itself', async t => {
  const [found] = compareNamespaces(world([member(inAll(5), inAll(5))]));
  t.strictSame(
    found,
    NAMESPACE_KINDS.map(kind => ({ kind, inode: 5, ...ALONE })),
  );
  t.equal(found?.length, 8);
});

t.test('a namespace of the host', async t => {
  const shared = member(inAll(5, { net: 1 }));
  t.strictSame(facts('net', world([shared], { outsiders: [inAll(1, { pid: 9 })] })), [
    { inode: 1, hostShared: true, peers: undefined, foreignProcesses: undefined },
  ]);
  t.strictSame(facts('pid', world([shared])), [{ inode: 5, ...ALONE }]);
});

t.test('one process in the host’s namespace is enough', async t => {
  t.equal(facts('net', world([member(inAll(5), inAll(5, { net: 1 }))]))[0]?.hostShared, true);
});

t.test('containers that share a namespace are peers, and no foreigners to each other', async t => {
  const both = [member(inAll(5), inAll(5)), member(inAll(6, { net: 5 })), member(inAll(7))];
  t.strictSame(facts('net', world(both)), [
    { inode: 5, ...ALONE, peers: 1 },
    { inode: 5, ...ALONE, peers: 1 },
    { inode: 7, ...ALONE },
  ]);
  t.strictSame(
    facts('mnt', world(both)).map(one => one.peers),
    [0, 0, 0],
  );
});

t.test('nsenter from the host is foreign in the namespaces that it enters', async t => {
  const entered = inAll(1, { net: 5, mnt: 5 });
  const of = world([member(inAll(5)), member(inAll(6))], {
    outsiders: [entered, entered, inAll(1, { net: 5 })],
  });
  t.strictSame(
    facts('net', of).map(one => one.foreignProcesses),
    [3, 0],
  );
  t.strictSame(
    facts('mnt', of).map(one => one.foreignProcesses),
    [2, 0],
  );
  t.strictSame(
    facts('pid', of).map(one => one.foreignProcesses),
    [0, 0],
  );
});

t.test('a process of another container that enters is foreign; a peer’s own is not', async t => {
  const intruder = member(inAll(6), inAll(6, { net: 5 }));
  t.strictSame(
    facts('net', world([member(inAll(5)), intruder])).map(one => one.foreignProcesses),
    [1, 0],
  );
  const peer = member(inAll(6, { net: 5 }), inAll(6, { net: 5 }));
  t.strictSame(
    facts('net', world([member(inAll(5)), peer])).map(one => one.foreignProcesses),
    [0, 0],
  );
});

t.test('a container whose own process makes a new namespace has nobody foreign in its own', async t => {
  const unshared = member(inAll(5), inAll(5, { user: 8, net: 8 }));
  t.strictSame(facts('net', world([unshared])), [{ inode: 5, ...ALONE }]);
});

t.test('what may not be looked at', async t => {
  const one = member(inAll(5));
  t.equal(facts('net', world([one], { outsiders: undefined }))[0]?.foreignProcesses, undefined);
  t.equal(facts('net', world([one], { outsidersComplete: false }))[0]?.foreignProcesses, undefined);
  const some = world([one], { outsidersComplete: false, outsiders: [inAll(1, { net: 5 })] });
  t.equal(facts('net', some)[0]?.foreignProcesses, 1, 'there is one at least');
  t.strictSame(facts('net', world([one], { host: {} })), [
    { inode: 5, hostShared: undefined, peers: 0, foreignProcesses: undefined },
  ]);
});

t.test('a process that hides does not make its container look separate', async t => {
  const partly = { ...member(inAll(5), {}), complete: false };
  t.equal(facts('net', world([partly]))[0]?.hostShared, undefined);
  const shares = { ...member(inAll(5), inAll(5, { net: 1 }), {}), complete: false };
  t.equal(facts('net', world([shares]))[0]?.hostShared, true, 'this much is known');
  const unseen: NamespaceMember = { init: undefined, processes: [], complete: false };
  t.strictSame(facts('net', world([unseen])), [
    { inode: undefined, hostShared: undefined, peers: undefined, foreignProcesses: undefined },
  ]);
});

t.test('a kind that the kernel does not have', async t => {
  const old = ({ time: _time, cgroup: _cgroup, ...rest }: Namespaces): Namespaces => rest;
  const of = world([member(old(inAll(5)))], { host: old(HOST) });
  t.strictSame(facts('time', of), [
    { inode: undefined, hostShared: undefined, peers: undefined, foreignProcesses: undefined },
  ]);
  t.strictSame(facts('net', of), [{ inode: 5, ...ALONE }]);
});

t.test('unmanaged: in use, not the host’s and of no known container', async t => {
  const unmanaged = countUnmanaged(
    world([member(inAll(5), inAll(5, { user: 6 }))], {
      outsiders: [
        inAll(1, { mnt: 20 }),
        inAll(1, { mnt: 20 }),
        inAll(1, { mnt: 21, net: 22 }),
        inAll(1, { net: 5, user: 6 }),
        {},
      ],
    }),
  );
  t.strictSame(unmanaged, { mnt: 2, pid: 0, net: 1, ipc: 0, uts: 0, user: 0, cgroup: 0, time: 0 });
  t.equal(countUnmanaged(world([], { outsiders: undefined })), undefined);
});
