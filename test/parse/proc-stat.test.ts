import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parseProcessStat } from '../../src/parse/proc-stat.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseProcessStat);
const line = (name: string) =>
  `6332 (${name}) S 6331 6332 4020 0 -1 4194368 221 427 0 0 0 0 0 0 20 0 1 0 105694 4595712 458 18446744073709551615 0\n`;
const BASH = {
  pid: 6332,
  name: 'bash',
  state: 'S',
  ppid: 6331,
  kernelThread: false,
  threads: 1,
  startTimeTicks: 105694,
};

t.same(parse(line('bash')), BASH);
for (const name of ['a b', 'a) R 1 1', '((', '))', ') Z (', 'a\nb', '', ') ', ' (x) S 1']) {
  t.same(parse(line(name)), { ...BASH, name }, `named ${JSON.stringify(name)}`);
}

// kthreadd of Linux 6.18; PF_KTHREAD is 0x00200000 (include/linux/sched.h).
const KTHREADD =
  '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
t.match(parse(KTHREADD), { pid: 2, ppid: 0, kernelThread: true });
t.equal(parse(line('kthreadd')).kernelThread, false, 'a name says nothing');

t.same(parse(readFileSync(`/proc/${process.pid}/stat`)).pid, process.pid);
t.same(parse(readFileSync('/proc/self/stat')).ppid, process.ppid);

t.test('malformed', t => {
  refuses(t, parse, {
    empty: '',
    'no name': '6332 S 6331 6332\n',
    'no pid': line('x').slice(5),
    'no state': line('x').replace(' S ', ' '),
    'state of two letters': line('x').replace(' S ', ' SS '),
    'word for a number': line('x').replace('6331', 'init'),
    'word for flags': line('x').replace('4194368', 'flags'),
    'too few fields': '1 (x) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5\n',
  });
  neverMisreadsACut(t, parse, line('bash'));
  survivesAnyBytes(t, parse, [line('bash'), line('a) b')]);
  t.end();
});

t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 15 }), counter, (name, ticks) => {
      const { pid, startTimeTicks } = parse(line(name).replace(' 105694 4595712', ` ${ticks} 4595712`));
      return pid === 6332 && startTimeTicks === Number(ticks);
    }),
  ),
);
