import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import t from 'tap';
import { parsePressure } from '../../src/parse/pressure.js';
import type { Pressure } from '../../src/parse/pressure.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const MEMORY = `some avg10=0.02 avg60=0.02 avg300=0.04 total=3782757
full avg10=0.02 avg60=0.02 avg300=0.04 total=3600620
`;

const parse = fromBuffer((bytes, length) => {
  const into: Pressure = { someTotalMicroseconds: 1, fullTotalMicroseconds: 2 };
  parsePressure(bytes, length, into);
  return into;
});

t.test('totals', t => {
  t.same(parse(MEMORY), { someTotalMicroseconds: 3782757, fullTotalMicroseconds: 3600620 });
  t.same(
    parse('some avg10=0.07 avg60=0.51 avg300=0.51 total=10261665\n'),
    { someTotalMicroseconds: 10261665, fullTotalMicroseconds: undefined },
    'cpu.pressure before Linux 5.13',
  );
  t.same(
    parse('full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n'),
    { someTotalMicroseconds: undefined, fullTotalMicroseconds: 7 },
    'irq.pressure',
  );
  t.same(
    parse('most avg10=0.00 total=5\nsome subtotal=1 total=2 new=3\n'),
    { someTotalMicroseconds: 2, fullTotalMicroseconds: undefined },
    'what a newer kernel may add',
  );
  t.same(parse(''), { someTotalMicroseconds: undefined, fullTotalMicroseconds: undefined });
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    'no total': 'some avg10=0.00 avg60=0.00 avg300=0.00\n',
    'total on the next line only': 'some avg10=0.00\nfull total=5\n',
    'no number': 'some total=\n',
    'a fraction': 'some total=1.5\n',
    'a negative number': 'some total=-1\n',
    'no final newline': 'some avg10=0.00 total=1026',
  });
  const into: Pressure = { someTotalMicroseconds: 1, fullTotalMicroseconds: 2 };
  const bytes = new TextEncoder().encode('some total=5\nfull total=x\n');
  t.throws(() => parsePressure(bytes, bytes.length, into));
  t.same(
    into,
    { someTotalMicroseconds: undefined, fullTotalMicroseconds: undefined },
    'nothing is left of it',
  );
  neverMisreadsACut(t, parse, MEMORY);
  t.end();
});

t.test('properties', t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(counter, counter, (some, full) => {
        const into = parse(
          `some avg10=99.99 avg60=0.00 avg300=1.00 total=${some}\nfull avg10=0.00 total=${full}\n`,
        );
        return into.someTotalMicroseconds === Number(some) && into.fullTotalMicroseconds === Number(full);
      }),
    ),
  );
  survivesAnyBytes(t, parse, [MEMORY]);
  t.end();
});

const LIVE = '/proc/pressure/cpu';
const skip = existsSync(LIVE) ? false : 'this kernel tells no pressure';
t.test('a live file', { skip }, t => {
  const content = readFileSync(LIVE);
  t.equal(
    parse(content).someTotalMicroseconds,
    Number(/^some .* total=(\d+)$/mu.exec(content.toString())?.[1]),
  );
  t.end();
});
