import t from 'tap';

import { prefersGzip } from '../../src/serve/accept-encoding.js';

t.test('fault 48: who asks for gzip gets it, who does not, or prefers the plain body, does not', async t => {
  const cases: [string | undefined, boolean][] = [
    ['gzip', true],
    ['GZIP', true],
    ['x-gzip', true],
    ['gzip, deflate, br, zstd', true],
    ['deflate, gzip;q=1.0, *;q=0.5', true],
    ['*', true],
    ['gzip;q=0.5', true],
    ['gzip;q=0.5, identity;q=0.5', true],
    ['gzip, identity;q=0', true],
    [undefined, false],
    ['', false],
    ['identity', false],
    ['deflate', false],
    ['gzip;q=0', false],
    ['gzip;q=0, *', false],
    ['*;q=0', false],
    ['gzip;q=0.5, identity', false],
    ['gzip;q=nonsense', false],
    ['gzipped', false],
  ];
  for (const [header, expected] of cases) t.equal(prefersGzip(header), expected, String(header));
});
