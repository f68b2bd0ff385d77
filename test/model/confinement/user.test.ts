import t from 'tap';
import { processUser } from '../../../src/model/confinement/user.js';
import { parseIdMap } from '../../../src/parse/id-map.js';

const ofMap = (hostUid: number | undefined, map: string) => {
  const bytes = new TextEncoder().encode(map);
  return processUser(hostUid, parseIdMap(bytes, bytes.length));
};

/** As /proc/<pid>/uid_map shows the first namespace, and one that Docker made with --userns-remap. */
const FIRST = '         0          0 4294967295\n';
const REMAPPED = '         0     165536      65536\n';

t.test('in the first user namespace ids are what they are', async t => {
  t.strictSame(ofMap(0, FIRST), { hostUid: 0, containerUid: 0, remapped: false });
  t.strictSame(ofMap(1000, FIRST), { hostUid: 1000, containerUid: 1000, remapped: false });
});

t.test('root of a remapped container is nobody of importance on the host', async t => {
  t.strictSame(ofMap(165_536, REMAPPED), { hostUid: 165_536, containerUid: 0, remapped: true });
  t.strictSame(ofMap(166_536, REMAPPED), { hostUid: 166_536, containerUid: 1000, remapped: true });
});

t.test('an id that the namespace has no number for is not known in it', async t => {
  t.strictSame(ofMap(0, REMAPPED), { hostUid: 0, containerUid: undefined, remapped: true });
  t.equal(ofMap(165_535, REMAPPED).containerUid, undefined, 'one before the first');
  t.equal(ofMap(231_071, REMAPPED).containerUid, 65_535, 'the last');
  t.equal(ofMap(231_072, REMAPPED).containerUid, undefined, 'one after the last');
});

/** Rootless: root inside is the user who runs the engine, the others come from /etc/subuid. */
const ROOTLESS = '         0       1000          1\n         1     100000      65536\n';

t.test('a map of several ranges', async t => {
  t.strictSame(ofMap(1000, ROOTLESS), { hostUid: 1000, containerUid: 0, remapped: true });
  t.equal(ofMap(100_000, ROOTLESS).containerUid, 1);
  t.equal(ofMap(100_999, ROOTLESS).containerUid, 1000);
});

t.test('root that is mapped onto root alone is a namespace of its own', async t => {
  t.strictSame(ofMap(0, '         0          0          1\n'), {
    hostUid: 0,
    containerUid: 0,
    remapped: true,
  });
});

t.test('what could not be read is not known', async t => {
  t.strictSame(processUser(0, undefined), { hostUid: 0, containerUid: undefined, remapped: undefined });
  t.strictSame(ofMap(undefined, FIRST), { hostUid: undefined, containerUid: undefined, remapped: false });
  t.strictSame(
    ofMap(65_534, ''),
    { hostUid: 65_534, containerUid: undefined, remapped: true },
    'a namespace that has no map yet',
  );
});
