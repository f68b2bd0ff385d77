import * as fc from 'fast-check';
import t from 'tap';
import { createLineReader } from '../../src/discover/line-reader.js';

t.test('however the bytes are cut, the lines are the same', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zé€😀]{1,20}$/u)),
        fc.integer({ min: 1, max: 7 }),
        (lines, size) => {
          const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''));
          const reader = createLineReader(100);
          const read: string[] = [];
          for (let start = 0; start < bytes.length; start += size) {
            read.push(...reader.push(bytes.subarray(start, start + size)));
          }
          return read.join('\n') === lines.join('\n');
        },
      ),
    ),
  );
});

t.test('empty lines, with which some daemons keep a connection alive, are left out', async t => {
  t.same(createLineReader(100).push(Buffer.from('\n{}\r\n\n')), ['{}']);
});

t.test('a line over the limit is refused, whether it has ended or not', async t => {
  t.throws(() => createLineReader(10).push(Buffer.from('x'.repeat(11))), { code: 'malformed' });
  t.throws(() => createLineReader(10).push(Buffer.from(`${'x'.repeat(11)}\n`)), { code: 'malformed' });
  t.same(createLineReader(10).push(Buffer.from(`${'x'.repeat(10)}\n`)), ['x'.repeat(10)]);
});
