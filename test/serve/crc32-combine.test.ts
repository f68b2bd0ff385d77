import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import t from 'tap';
import { crc32Combine } from '../../src/serve/crc32-combine.js';

t.test('as zlib calculates it over both', async t => {
  const bytes = fc.uint8Array({ maxLength: 2000 });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        bytes,
        bytes,
        (one, other) =>
          crc32Combine(crc32(one), crc32(other), other.length) === crc32(Buffer.concat([one, other])),
      ),
    ),
  );
});

t.test('over more than four gigabytes', async t => {
  const zeros = Buffer.alloc(1 << 20);
  const turns = 4100;
  let crc = crc32('confined');
  for (let turn = 0; turn < turns; turn += 1) crc = crc32(zeros, crc);
  let crcOfZeros = 0;
  for (let turn = 0; turn < turns; turn += 1) crcOfZeros = crc32(zeros, crcOfZeros);
  t.equal(crc32Combine(crc32('confined'), crcOfZeros, turns * zeros.length), crc);
});
