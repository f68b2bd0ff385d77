import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import * as fc from 'fast-check';
import t from 'tap';
import { parseHostStat } from '../../src/parse/host-stat.js';
import { fromBuffer, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseHostStat);
const SAMPLE = `cpu  5244 0 3091 201791 415 0 62 30 0 0
cpu0 2126 0 1203 101922 15 0 11 11 0 0
cpu3 3118 0 1888 99868 399 0 51 19 0 0
intr 320557 0 0 0
btime 1795471307
processes 6363
`;

t.same(parse(SAMPLE), { onlineCpus: 2, bootedAtSeconds: 1795471307 }, 'a CPU that is offline has no line');
t.same(parse(''), { onlineCpus: undefined, bootedAtSeconds: undefined });
t.same(parse('cpu 1 2\ncpux 1 2\n'), { onlineCpus: undefined, bootedAtSeconds: undefined });

refuses(t, parse, {
  'no boot time': 'btime \n',
  'a word': 'btime now\n',
  'no final newline': 'cpu0 1 2\nbtime 17954',
});
survivesAnyBytes(t, parse, [SAMPLE]);
t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, boot) => {
      const lines = Array.from({ length: count }, (_, cpu) => `cpu${cpu} 1 2 3\n`);
      const stat = parse(`cpu  1 2 3\n${lines.join('')}btime ${boot}\n`);
      return stat.onlineCpus === count && stat.bootedAtSeconds === boot;
    }),
  ),
);

t.test('a live file', t => {
  const { onlineCpus, bootedAtSeconds = 0 } = parse(readFileSync('/proc/stat'));
  t.equal(onlineCpus, cpus().length);
  t.ok(bootedAtSeconds > 1e9 && bootedAtSeconds <= Date.now() / 1000 + 86400);
  t.end();
});

t.test('a cut file is refused unless it ends with a line', t => {
  const cut = SAMPLE.slice(0, SAMPLE.indexOf('cpu3'));
  t.same(parse(cut), { onlineCpus: 1, bootedAtSeconds: undefined });
  t.throws(() => parse(cut.slice(0, -1)), { name: 'ParseError' });
  t.end();
});
