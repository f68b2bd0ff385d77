import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseCgroupMembership } from '../../src/parse/proc-cgroup.js';
import { fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseCgroupMembership);
const HYBRID = `9:name=systemd:/docker/8f3b
4:cpu,cpuacct:/docker/8f3b
3:cpuset:/
0::/docker/8f3b
`;

t.test('hierarchies', t => {
  t.same(parse(HYBRID), [
    { hierarchyId: 9, controllers: ['name=systemd'], path: '/docker/8f3b', deleted: false },
    { hierarchyId: 4, controllers: ['cpu', 'cpuacct'], path: '/docker/8f3b', deleted: false },
    { hierarchyId: 3, controllers: ['cpuset'], path: '/', deleted: false },
    { hierarchyId: 0, controllers: [], path: '/docker/8f3b', deleted: false },
  ]);
  for (const [line, path, deleted] of [
    ['0::/system.slice/docker-8f3b.scope\n', '/system.slice/docker-8f3b.scope', false],
    ['0::/../docker-8f3b.scope\n', '/../docker-8f3b.scope', false],
    ['0::/a:b::c\n', '/a:b::c', false],
    ['0::/docker/8f3b (deleted)\n', '/docker/8f3b', true],
    ['0::/with space\n', '/with space', false],
  ] as const) {
    t.same(parse(line), [{ hierarchyId: 0, controllers: [], path, deleted }], line);
  }
  t.same(parse(''), []);
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    'empty line': '\n',
    'no path': '0:\n',
    'empty path': '0::\n',
    'relative path': '0::docker\n',
    'no number': 'x::/\n',
    'no final newline': '0::/docker/8f3',
  });
  neverMisreadsACut(t, parse, HYBRID);
  survivesAnyBytes(t, parse, [HYBRID, '0::/docker/8f3b (deleted)\n']);
  t.end();
});

t.test('print, then parse', t => {
  const word = fc.stringMatching(/^[a-z_=]{1,12}$/u);
  const path = fc
    .string({ unit: 'grapheme' })
    .filter(path => !path.includes('\n') && !path.endsWith(' (deleted)'));
  const line = fc.record({
    hierarchyId: fc.nat(),
    controllers: fc.array(word),
    path: path.map(rest => `/${rest}`),
    deleted: fc.boolean(),
  });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(line), lines => {
        const printed = lines.map(
          ({ hierarchyId, controllers, path, deleted }) =>
            `${hierarchyId}:${controllers.join(',')}:${path}${deleted ? ' (deleted)' : ''}\n`,
        );
        return JSON.stringify(parse(printed.join(''))) === JSON.stringify(lines);
      }),
    ),
  );
  t.end();
});

t.test('a live file', t => {
  const content = readFileSync('/proc/self/cgroup', 'utf8');
  t.equal(parse(content).length, content.split('\n').length - 1);
  t.end();
});
