import * as fc from 'fast-check';
import t from 'tap';
import { parseLsmList } from '../../src/parse/lsm-list.js';
import { fromBuffer, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseLsmList);

t.same(parse('lockdown,capability,landlock,yama,apparmor,bpf'), [
  'lockdown',
  'capability',
  'landlock',
  'yama',
  'apparmor',
  'bpf',
]);
t.same(parse('capability\n'), ['capability']);
refuses(t, parse, {
  empty: '',
  newline: '\n',
  'empty name': 'capability,,apparmor',
  'comma at the end': 'capability,',
  spaces: 'capability, apparmor',
  'two lines': 'capability\napparmor\n',
});
t.doesNotThrow(() =>
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z_]{1,10}$/u), { minLength: 1 }),
      names => parse(names.join()).join() === names.join(),
    ),
  ),
);
survivesAnyBytes(t, parse, ['lockdown,capability,apparmor']);
