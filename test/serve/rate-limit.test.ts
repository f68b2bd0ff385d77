import t from 'tap';

import { createTokenBucket } from '../../src/serve/rate-limit.js';

t.test('a burst at once, then one per interval, never more than the burst saved up', async t => {
  let now = 100;
  const bucket = createTokenBucket({ intervalSeconds: 2, burst: 3 }, () => now);
  const takeAll = () => [1, 2, 3, 4].filter(() => bucket.take()).length;
  t.equal(takeAll(), 3);
  now += 1;
  t.equal(takeAll(), 0, 'half an interval is no token');
  now += 1;
  t.equal(takeAll(), 1);
  now += 3600;
  t.equal(takeAll(), 3);
});
