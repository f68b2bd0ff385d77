import * as fc from 'fast-check';
import t from 'tap';
import { parseNestedKeyed } from '../../src/parse/nested-keyed.js';
import { counter, fromBuffer, neverMisreadsACut, refuses, survivesAnyBytes } from './support.js';

const parse = fromBuffer(parseNestedKeyed);
const SAMPLE = `8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=4096 dios=1
8:0 rbytes=90112 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021
`;
const NONE: Readonly<Record<string, number | undefined>> = {
  rbytes: undefined,
  wbytes: undefined,
  rios: undefined,
  wios: undefined,
  dbytes: undefined,
  dios: undefined,
};
const first = {
  device: { major: 8, minor: 16 },
  values: { rbytes: 1459200, wbytes: 314773504, rios: 192, wios: 353, dbytes: 4096, dios: 1 },
};

t.test('devices', t => {
  t.strictSame(parse(SAMPLE)[0], first);
  t.equal(parse(SAMPLE)[1]?.values['wbytes'], 299008000);
  t.equal(parse(SAMPLE).length, 2);
  t.same(parse(''), []);
  t.strictSame(
    parse('259:0 rbytes=1 wbytes=2 rios=3 wios=4\n'),
    [{ device: { major: 259, minor: 0 }, values: { ...NONE, rbytes: 1, wbytes: 2, rios: 3, wios: 4 } }],
    'kernels before 4.20 do not count discards',
  );
  t.strictSame(
    parse('8:0 rbytes=1 cost.vrate=100.00 cost.usage=5 new=x odd\n'),
    [{ device: { major: 8, minor: 0 }, values: { ...NONE, rbytes: 1 } }],
    'what is not known is skipped',
  );
  t.end();
});

t.test('devices without counters, as kernels have printed them', t => {
  const values = { ...NONE, rbytes: 28672, rios: 22 };
  const counted = [{ device: { major: 7, minor: 4 }, values }];
  t.strictSame(parse('7:7 \n7:4 rbytes=28672 rios=22\n7:3\n'), counted, 'on a line of their own');
  t.strictSame(
    parse('7:7 7:6 7:5 7:4 rbytes=28672 rios=22\n'),
    counted,
    'before the next device, on its line',
  );
  t.strictSame(parse('7:4 rbytes=28672 rios=22\n252:0 '), counted, 'last, without a newline');
  t.strictSame(parse('252:0 '), []);
  t.strictSame(parse('(unknown) rbytes=5 rios=6\n7:4 rbytes=28672 rios=22\n'), counted, 'without a number');
  t.strictSame(parse('7:9 (unknown) rbytes=5\n'), []);
  t.end();
});

t.test('malformed', t => {
  refuses(t, parse, {
    'no device': 'rbytes=1 wbytes=2\n',
    'a device’s name': 'sda rbytes=1\n',
    'no minor number': '8 rbytes=1\n',
    'empty minor number': '8: rbytes=1\n',
    'no number': '8:0 rbytes=\n',
    'a negative number': '8:0 rbytes=-1\n',
    max: '8:0 rbytes=max\n',
    'empty line': '8:0 rbytes=1\n\n',
    'cut in a number': '8:0 rbytes=123',
    'cut behind a number': '8:0 rbytes=123 ',
    'cut in a device': '8:0 rbytes=1\n25',
  });
  neverMisreadsACut(t, parse, SAMPLE);
  survivesAnyBytes(t, parse, [SAMPLE, '7:7 7:6 (unknown) rbytes=28672 rios=22\n']);
  t.end();
});

t.test('print, then parse', t => {
  const device = fc.record({ major: fc.nat(4095), minor: fc.nat(1048575) });
  const keys = fc.subarray(['rbytes', 'wbytes', 'rios', 'wios', 'dbytes', 'dios', 'cost.wait'], {
    minLength: 1,
  });
  const line = fc.tuple(device, keys, fc.array(counter, { minLength: 7, maxLength: 7 }));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(line), lines => {
        const printed = lines.map(
          ([{ major, minor }, keys, digits]) =>
            `${major}:${minor} ${keys.map((key, index) => `${key}=${digits[index]}`).join(' ')}\n`,
        );
        const parsed = parse(printed.join(''));
        return lines.every(([{ major, minor }, keys, digits], index) => {
          const { device, values } = parsed[index] ?? { device: undefined, values: NONE };
          const same = keys.every((key, at) => key === 'cost.wait' || values[key] === Number(digits[at]));
          return device?.major === major && device.minor === minor && same;
        });
      }),
    ),
  );
  t.end();
});
