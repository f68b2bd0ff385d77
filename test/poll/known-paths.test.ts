import t from 'tap';
import { KnownPaths } from '../../src/poll/known-paths.js';
import { container } from '../support/container.js';

const WEB = container({ id: 'aa'.repeat(32) });
const DB = container({ id: 'bb'.repeat(32) });
const ROOTLESS = '/user.slice/user-1000.slice/user@1000.service/user.slice';

t.test('a container that stops keeps its path', async t => {
  const paths = new KnownPaths();
  paths.seen(WEB, `/elsewhere/${WEB.id}`);
  t.equal(paths.pathOf(WEB, 'systemd'), `/elsewhere/${WEB.id}`);
  paths.keepOnly(new Set([DB.id]));
  t.equal(
    paths.pathOf(container({ ...WEB, configuration: { cgroupParent: '/p' } }), 'cgroupfs'),
    `/p/${WEB.id}`,
  );
});

t.test('one that was never seen is where others are', async t => {
  const paths = new KnownPaths();
  t.equal(paths.pathOf(DB, 'systemd'), `/system.slice/docker-${DB.id}.scope`);
  paths.seen(WEB, `${ROOTLESS}/docker-${WEB.id}.scope`);
  t.equal(paths.pathOf(DB, 'systemd'), `${ROOTLESS}/docker-${DB.id}.scope`);
});

t.test('a parent of its own says more than where others are', async t => {
  const paths = new KnownPaths();
  const child = container({ ...DB, configuration: { cgroupParent: 'tenants.slice' } });
  paths.seen(WEB, `/system.slice/docker-${WEB.id}.scope`);
  t.equal(paths.pathOf(child, 'systemd'), `/tenants.slice/docker-${DB.id}.scope`);
  const other = new KnownPaths();
  other.seen(child, `/tenants.slice/docker-${DB.id}.scope`);
  t.equal(other.pathOf(WEB, 'systemd'), `/system.slice/docker-${WEB.id}.scope`, 'and nothing of others');
});
