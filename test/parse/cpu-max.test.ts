import * as fc from 'fast-check';
import t from 'tap';
import { parseCpuMax } from '../../src/parse/cpu-max.js';
import { counter, fromBuffer, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseCpuMax);

t.same(parse('max 100000\n'), { quotaMicroseconds: Infinity, periodMicroseconds: 100000 });
t.same(parse('50000 100000\n'), { quotaMicroseconds: 50000, periodMicroseconds: 100000 });

refuses(t, parse, {
  empty: '',
  'one number': '100000\n',
  'one word': 'max\n',
  'no period': 'max \n',
  'three numbers': '1 2 3\n',
  'no limit as a number': '-1 100000\n',
  'unlimited period': 'max max\n',
  'two lines': 'max 100000\nmax 100000\n',
  'longer word': 'maximum 100000\n',
});

t.doesNotThrow(() =>
  fc.assert(
    fc.property(fc.oneof(counter, fc.constant('max')), counter, (quota, period) => {
      const value = parse(`${quota} ${period}\n`);
      const expected = quota === 'max' ? Infinity : Number(quota);
      return value.quotaMicroseconds === expected && value.periodMicroseconds === Number(period);
    }),
  ),
);
survivesAnyBytes(t, parse, ['max 100000\n', '50000 100000\n']);
