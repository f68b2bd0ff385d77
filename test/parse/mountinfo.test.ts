import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseMountinfo } from '../../src/parse/mountinfo.js';
import { fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseMountinfo);
const SAMPLE = `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
22 27 0:21 / /proc rw,relatime - proc proc rw
30 23 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 propagate_from:2 unbindable - cgroup2 cgroup2 rw,nsdelegate
`;

t.test('mounts', t => {
  t.same(parse(SAMPLE), [
    {
      mountId: 36,
      parentId: 35,
      device: '98:0',
      root: '/mnt1',
      mountPoint: '/mnt2',
      options: ['rw', 'noatime'],
      filesystemType: 'ext3',
      source: '/dev/root',
      superOptions: 'rw,errors=continue',
    },
    {
      mountId: 22,
      parentId: 27,
      device: '0:21',
      root: '/',
      mountPoint: '/proc',
      options: ['rw', 'relatime'],
      filesystemType: 'proc',
      source: 'proc',
      superOptions: 'rw',
    },
    {
      mountId: 30,
      parentId: 23,
      device: '0:26',
      root: '/',
      mountPoint: '/sys/fs/cgroup',
      options: ['ro', 'nosuid', 'nodev', 'noexec'],
      filesystemType: 'cgroup2',
      source: 'cgroup2',
      superOptions: 'rw,nsdelegate',
    },
  ]);
  t.same(parse(''), []);
  t.end();
});

t.test('octal escapes', t => {
  const [mount] = parse(
    '1 2 0:1 /a\\040b /tab\\011\\134040\\012 rw - fuse.x so\\043urce rw,x=\\054\\9\\777\n',
  );
  t.equal(mount?.root, '/a b');
  t.equal(mount?.mountPoint, '/tab\t\\040\n');
  t.equal(mount?.source, 'so#urce');
  t.equal(mount?.superOptions, 'rw,x=,\\9\\777', 'what is no escape stays');
  t.equal(parse('1 2 0:1 / / rw - tmpfs  rw\n')[0]?.source, '', 'a source may be empty');
  t.equal(parse('1 2 0:1 / - rw - tmpfs - rw\n')[0]?.source, '-', 'a mount point or source may be a hyphen');
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    'empty line': '\n',
    'no separator': '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 ext3 /dev/root rw\n',
    'too few fields before it': '36 35 98:0 /mnt1 - ext3 /dev/root rw\n',
    'too few fields behind it': '36 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root\n',
    'no mount id': 'x 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw\n',
    'no parent id': '36 -1 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw\n',
    'no final newline': SAMPLE.slice(0, -1),
  });
  neverMisreadsACut(t, parse, SAMPLE);
  survivesAnyBytes(t, parse, [SAMPLE]);
  t.end();
});

t.test('print, then parse', t => {
  const escape = (field: string) =>
    field.replaceAll(/[ \t\n\\]/gu, character => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
  const field = fc.string({ unit: 'grapheme' });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        field,
        field,
        field,
        fc.array(fc.constantFrom('shared:1', 'master:2', 'unbindable')),
        (root, mountPoint, source, optional) => {
          const fields = [
            1,
            2,
            '0:1',
            escape(root),
            escape(mountPoint),
            'rw',
            ...optional,
            '-',
            'ext4',
            escape(source),
            'rw',
          ];
          const [mount] = parse(`${fields.join(' ')}\n`);
          return mount?.root === root && mount.mountPoint === mountPoint && mount.source === source;
        },
      ),
    ),
  );
  t.end();
});

t.test('a live file', t => {
  const content = readFileSync('/proc/self/mountinfo', 'utf8');
  const mounts = parse(content);
  t.equal(mounts.length, content.split('\n').length - 1);
  t.ok(mounts.some(({ mountPoint, filesystemType }) => mountPoint === '/proc' && filesystemType === 'proc'));
  t.end();
});
