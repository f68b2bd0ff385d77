import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { formatTtar } from './ttar.js';
import { unpackTtar } from './unpack-ttar.js';

t.test('lays out files, directories and links', async t => {
  const directory = t.testdir({});
  const archive = formatTtar([
    { kind: 'directory', path: 'proc/1/fd', mode: 0o755 },
    { kind: 'symlink', path: 'proc/1/ns/net', target: 'net:[4026531840]' },
    { kind: 'file', path: 'proc/1/attr/current', mode: 0o444, content: Buffer.from('unconfined\0') },
    { kind: 'file', path: 'proc/1/uid_map', mode: 0o644, content: Buffer.alloc(0) },
  ]);
  unpackTtar(archive, directory);
  t.ok(statSync(join(directory, 'proc/1/fd')).isDirectory());
  t.equal(readlinkSync(join(directory, 'proc/1/ns/net')), 'net:[4026531840]');
  t.equal(readFileSync(join(directory, 'proc/1/attr/current'), 'latin1'), 'unconfined\0');
  t.equal(statSync(join(directory, 'proc/1/attr/current')).mode & 0o777, 0o444);
  t.equal(statSync(join(directory, 'proc/1/uid_map')).size, 0);
});

t.test('stays inside its directory', async t => {
  for (const path of ['../outside', 'proc/../../outside', '/etc/outside']) {
    const archive = formatTtar([{ kind: 'file', path, mode: 0o644, content: Buffer.alloc(0) }]);
    t.throws(() => unpackTtar(archive, t.testdir({})), /leads out of its directory/);
  }
});
