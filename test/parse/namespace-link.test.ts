import { readdirSync, readlinkSync, statSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseNamespaceLink } from '../../src/parse/namespace-link.js';
import { refuses, survivesAnyText } from './support.js';

t.same(parseNamespaceLink('net:[4026531992]'), { kind: 'net', inode: 4026531992 });
t.same(parseNamespaceLink('pid_for_children:[1]'), { kind: 'pid_for_children', inode: 1 });
refuses(t, parseNamespaceLink, {
  empty: '',
  'a path': '/proc/1/ns/net',
  'no inode': 'net:[]',
  'no kind': ':[4026531992]',
  'no brackets': 'net:4026531992',
  'a socket’s inode is cut': 'socket:[123',
  'something behind it': 'net:[4026531992]\n',
  'too many digits': 'net:[184467440737095516150]',
});
t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z_]{1,16}$/u), fc.nat(2 ** 32 - 1), (kind, inode) => {
      const link = parseNamespaceLink(`${kind}:[${inode}]`);
      return link.kind === kind && link.inode === inode;
    }),
  ),
);
survivesAnyText(t, parseNamespaceLink, ['net:[4026531992]']);

t.test('live links', t => {
  for (const name of readdirSync('/proc/self/ns')) {
    const { kind, inode } = parseNamespaceLink(readlinkSync(`/proc/self/ns/${name}`));
    t.equal(inode, statSync(`/proc/self/ns/${name}`).ino, name);
    t.equal(kind, name.replace('_for_children', ''), name);
  }
  t.end();
});
