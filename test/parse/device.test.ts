import t from 'tap';
import { parseDevice } from '../../src/parse/device.js';
import { fromBuffer, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer((bytes, length) => parseDevice(bytes, 0, length));

t.same(parse('259:1048575'), { major: 259, minor: 1048575 });
refuses(t, parse, {
  empty: '',
  'no colon': '8',
  'no major number': ':0',
  'no minor number': '8:',
  'two colons': '8:0:1',
  word: 'sda',
});
survivesAnyBytes(t, parse, ['259:1048575']);
