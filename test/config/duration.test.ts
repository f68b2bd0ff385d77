import * as fc from 'fast-check';
import t from 'tap';
import { formatDuration, parseDuration } from '../../src/config/duration.js';
import { InvalidValue } from '../../src/config/invalid-value.js';

t.test('reads durations as Prometheus does, in seconds', async t => {
  const durations: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['0s', 0],
    ['500ms', 0.5],
    ['10s', 10],
    ['1m30s', 90],
    ['90m', 5400],
    ['1h', 3600],
    ['1d', 86_400],
    ['1w', 604_800],
    ['1y', 31_536_000],
    ['1h1ms', 3600.001],
  ];
  for (const [text, seconds] of durations) {
    t.equal(parseDuration(text), seconds, text);
  }
});

t.test('refuses everything else, and says what to write', async t => {
  const mistakes: readonly (readonly [string, string])[] = [
    ['10', 'has no unit; write 10s for seconds'],
    ['1.5s', 'has a decimal point; write whole numbers, such as 1s500ms'],
    ['', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
    ['-1s', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
    ['30s1m', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
    ['1s1s', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
    ['10 s', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
    ['10S', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
    ['10s\n', 'is not a duration; write numbers with units, such as 10s, 1m30s or 500ms'],
  ];
  for (const [text, message] of mistakes) {
    t.throws(() => parseDuration(text), new InvalidValue(message), JSON.stringify(text));
  }
});

t.test('writes the shortest form', async t => {
  t.equal(formatDuration(0), '0s');
  t.equal(formatDuration(90), '1m30s');
  t.equal(formatDuration(0.1), '100ms');
  t.equal(formatDuration(86_400), '1d');
});

t.test('reads back what it writes, to the millisecond', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), milliseconds => {
        const seconds = milliseconds / 1000;
        return parseDuration(formatDuration(seconds)) === seconds;
      }),
    ),
  );
});
