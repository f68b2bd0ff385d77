import t from 'tap';
import type { Container } from '../../src/discover/container.js';
import { networkOwners } from '../../src/locate/network-owner.js';
import type { NetworkMember } from '../../src/locate/network-owner.js';
import { container } from '../support/container.js';

const HOST = 4026531840;

function member(id: string, inode: number | undefined, of: Partial<Container> = {}): NetworkMember {
  return { container: container({ id, ...of }), namespaceInode: inode };
}

const bridge = { configuration: { networkMode: 'bridge' } };
const owners = (members: NetworkMember[], host: number | undefined = HOST): string[] =>
  [...networkOwners(members, host)].toSorted();

t.test('containers with networks of their own each own theirs', async t => {
  t.strictSame(owners([member('a', 1, bridge), member('b', 2, bridge)]), ['a', 'b']);
});

t.test('a container that joined another’s network owns nothing, whichever started first', async t => {
  const joined = { configuration: { networkMode: 'container:a' }, startedAtSeconds: 1 };
  t.strictSame(owners([member('b', 1, joined), member('a', 1, { ...bridge, startedAtSeconds: 5 })]), ['a']);
  t.strictSame(owners([member('b', undefined, joined)]), [], 'and its own while the other is not there');
});

t.test('in a pod the sandbox, which starts first, owns the network', async t => {
  const pod = [
    member('app', 1, { configuration: {}, startedAtSeconds: 12 }),
    member('sandbox', 1, { configuration: {}, startedAtSeconds: 10 }),
    member('sidecar', 1, { configuration: {}, startedAtSeconds: 11 }),
  ];
  t.strictSame(owners(pod), ['sandbox']);
  t.strictSame(owners(pod.toReversed()), ['sandbox'], 'in whatever order they are listed');
});

t.test('a start that is not known is later than one that is', async t => {
  t.strictSame(owners([member('a', 1), member('b', 1, { startedAtSeconds: 10 })]), ['b']);
  t.strictSame(owners([member('a', 1), member('b', 1)]), ['a'], 'one of them, not both');
});

t.test('the host’s network is nobody’s', async t => {
  t.strictSame(owners([member('a', HOST, { configuration: { networkMode: 'host' } })]), []);
  t.strictSame(owners([member('a', HOST, bridge)]), [], 'whatever the configuration says');
  t.strictSame(owners([member('a', undefined, { configuration: { networkMode: 'host' } })]), []);
});

t.test('where inodes cannot be read, the configuration decides', async t => {
  t.strictSame(owners([member('a', undefined, bridge), member('b', undefined, bridge)]), ['a', 'b']);
  t.strictSame(owners([member('a', undefined, { configuration: {} })]), [], 'it may be the host’s');
  t.strictSame(
    [...networkOwners([member('a', 7, { configuration: {} }), member('b', 8, bridge)], undefined)],
    ['b'],
    'without the host’s inode, another inode may be the host’s',
  );
});

t.test('nobody', async t => {
  t.strictSame(owners([]), []);
});
