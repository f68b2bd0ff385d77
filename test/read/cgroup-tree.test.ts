import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { cgroupsBelow, findContainerCgroups } from '../../src/read/cgroup-tree.js';

const ID = 'e1'.repeat(32);
const OTHER = '0f'.repeat(32);

function tree(t: Test, paths: readonly string[]): string {
  const directory = t.testdir({});
  for (const path of paths) mkdirSync(join(directory, path), { recursive: true });
  return directory;
}

t.test('containers are found wherever a runtime puts them', async t => {
  const paths = [
    `/docker/${ID}`,
    `/system.slice/docker-${ID}.scope`,
    `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
    `/tenants/shop/${ID}`,
    `/machine.slice/libpod-${ID}.scope`,
    `/kubepods/burstable/pod0d0b7a80-4a5d-4a3b-9f38-1f1d0e4f7a11/${ID}`,
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0d0b7a80.slice/docker-${ID}.scope`,
    `/ecs/shop/1f1d0e4f7a11/${ID}`,
  ];
  for (const path of paths) {
    const root = tree(t, [path, '/init.scope', '/system.slice/ssh.service']);
    t.strictSame(findContainerCgroups(root), [{ containerId: ID, path, directory: root + path }], path);
  }
});

t.test('what lies below a container is its own affair', async t => {
  const root = tree(t, [`/docker/${ID}/docker/${OTHER}`, `/docker/${ID}/init`]);
  t.strictSame(
    findContainerCgroups(root).map(found => found.path),
    [`/docker/${ID}`],
  );
});

t.test("podman's monitors are no containers", async t => {
  const root = tree(t, [`/machine.slice/libpod-conmon-${ID}.scope`, `/machine.slice/libpod-${ID}.scope`]);
  t.strictSame(
    findContainerCgroups(root).map(found => found.path),
    [`/machine.slice/libpod-${ID}.scope`],
  );
});

t.test('a hierarchy without containers, or that is not there, has none', async t => {
  t.strictSame(findContainerCgroups(tree(t, ['/a/b/c'])), []);
  t.strictSame(findContainerCgroups('/nonexistent'), []);
});

t.test('a very deep tree is left before its end', async t => {
  const deep = '/d'.repeat(40);
  const root = tree(t, [`${deep}/${ID}`, `/a/b/${OTHER}`]);
  t.strictSame(
    findContainerCgroups(root).map(found => found.containerId),
    [OTHER],
  );
});

t.test('the cgroups below one are listed from the top, up to a limit', async t => {
  const root = tree(t, ['/init', '/payload/a', '/payload/b']);
  const all = cgroupsBelow(root, 100);
  t.equal(all[0], root);
  t.strictSame(
    all.toSorted(),
    ['', '/init', '/payload', '/payload/a', '/payload/b'].map(path => root + path),
  );
  t.equal(cgroupsBelow(root, 3).length, 3);
  t.strictSame(cgroupsBelow(root, 1), [root]);
  t.strictSame(cgroupsBelow(`${root}/gone`, 100), [`${root}/gone`]);
});
