import t from 'tap';

import { parseGoDuration } from '../../src/serve/go-duration.js';

t.test('durations as time.ParseDuration reads them', async t => {
  const good: [string, number][] = [
    ['0', 0],
    ['0s', 0],
    ['1s', 1],
    ['1.5s', 1.5],
    ['1m30s', 90],
    ['2h', 7200],
    ['250ms', 0.25],
    ['10us', 1e-5],
    ['10µs', 1e-5],
    ['100ns', 1e-7],
  ];
  for (const [text, seconds] of good) t.equal(parseGoDuration(text)?.toFixed(9), seconds.toFixed(9), text);
  for (const text of ['', '1', '-1s', 's', '1d', '1s ', ' 1s', '1,5s', '1s2', 'x1s']) {
    t.equal(parseGoDuration(text), undefined, text);
  }
});
