import { mkdirSync, readdirSync, readFileSync, readlinkSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  exists,
  fileSystemUsage,
  listDirectory,
  listNamesUpTo,
  readFailure,
  readFileBytes,
  readLink,
  readTextFile,
} from '../../src/read/files.js';

t.test('every errno has a reason', async t => {
  const reasons = {
    ENOENT: 'missing',
    ENOTDIR: 'missing',
    ENODEV: 'gone',
    ESRCH: 'gone',
    EACCES: 'forbidden',
    EPERM: 'forbidden',
    EINVAL: 'unsupported',
    EOPNOTSUPP: 'unsupported',
    EMFILE: 'descriptors',
    ENFILE: 'descriptors',
    EIO: 'other',
  };
  for (const [code, reason] of Object.entries(reasons))
    t.equal(readFailure(Object.assign(new Error(code), { code })), reason, code);
  t.equal(readFailure(new Error('no code')), 'other');
  t.equal(readFailure('no error'), 'other');
  t.equal(readFailure(undefined), 'other');
});

t.test('a directory is listed with what is a directory in it, up to a limit', async t => {
  const directory = t.testdir({ a: '', b: {}, link: t.fixture('symlink', 'b') });
  const entries = listDirectory(directory, 10).toSorted((one, other) => one.name.localeCompare(other.name));
  t.strictSame(entries, [
    { name: 'a', isDirectory: false },
    { name: 'b', isDirectory: true },
    { name: 'link', isDirectory: false },
  ]);
  t.equal(listDirectory(directory, 2).length, 2);
  t.strictSame(listDirectory(directory, 0), []);
  t.throws(() => listDirectory(join(directory, 'c'), 10), { code: 'ENOENT' });
  t.throws(() => listDirectory(join(directory, 'a'), 10), { code: 'ENOTDIR' });
});

t.test('names are listed unless they are too many, whatever the size of the directory says', async t => {
  const directory = t.testdir({ a: '', b: {}, c: '' });
  t.strictSame(listNamesUpTo(directory, 3)?.toSorted(), ['a', 'b', 'c']);
  t.equal(listNamesUpTo(directory, 2), undefined);
  t.strictSame(listNamesUpTo(t.testdir({}), 0), []);
  t.throws(() => listNamesUpTo(join(directory, 'd'), 10), { code: 'ENOENT' });
  const open = readdirSync('/proc/self/fd').length - 1;
  t.equal(listNamesUpTo('/proc/self/fd', open + 5)?.length, open + 1, 'and that of the directory itself');
  t.equal(listNamesUpTo('/proc/self/fd', open - 1), undefined);
  t.ok(Number(listNamesUpTo('/proc/1/task', 1000)?.length) > 0, 'a directory without a size');
});

t.test('a link that leads nowhere is read', async t => {
  t.equal(readLink('/proc/self/ns/net'), readlinkSync('/proc/self/ns/net'));
  t.match(readLink('/proc/self/ns/net'), /^net:\[\d+\]$/);
  t.throws(() => readLink('/proc/self/status'), { code: 'EINVAL' });
});

t.test('exists follows links and takes what cannot be seen for absent', async t => {
  const directory = t.testdir({ a: '', dangling: t.fixture('symlink', 'nowhere') });
  t.equal(exists(join(directory, 'a')), true);
  t.equal(exists(directory), true);
  t.equal(exists(join(directory, 'b')), false);
  t.equal(exists(join(directory, 'dangling')), false);
  t.equal(exists(join(directory, 'a/below')), false, 'below a file');
  t.equal(exists(`${directory}/\0`), false, 'a path that no file can have');
});

t.test('the file system tells its size as df does', async t => {
  const directory = t.testdir({});
  const { limitBytes, inodesTotal, inodesFree } = fileSystemUsage(directory);
  const { bsize, blocks, files } = statfsSync(directory);
  t.equal(limitBytes, bsize * blocks);
  t.equal(inodesTotal, files);
  t.ok(inodesFree <= inodesTotal);
  t.throws(() => fileSystemUsage(join(directory, 'nowhere')), { code: 'ENOENT' });
});

t.test('text and bytes of ordinary files', async t => {
  const path = join(t.testdir({ file: 'a: ü\n' }), 'file');
  t.equal(readTextFile(path), 'a: ü\n');
  t.strictSame(await readFileBytes(path), readFileSync(path));
  t.throws(() => readTextFile(`${path}.missing`), { code: 'ENOENT' });
  await t.rejects(readFileBytes(`${path}.missing`), { code: 'ENOENT' });
});

t.test('a listing does not leave descriptors open', async t => {
  const directory = t.testdir({});
  for (const name of ['a', 'b', 'c']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'file'), '');
  const count = (): number => listDirectory('/proc/self/fd', 10_000).length;
  const before = count();
  for (let turn = 0; turn < 20; turn += 1) listDirectory(directory, 1);
  t.equal(count(), before);
});
