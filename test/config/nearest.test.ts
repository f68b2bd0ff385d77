import t from 'tap';
import { nearest } from '../../src/config/nearest.js';

const KNOWN = ['poll.interval', 'poll.max-age', 'web.listen-address', 'log.level'];

t.test('guesses what was meant', async t => {
  t.equal(nearest('poll.intervall', KNOWN), 'poll.interval');
  t.equal(nearest('Poll.Interval', KNOWN), 'poll.interval');
  t.equal(nearest('poll.max_age', KNOWN), 'poll.max-age');
  t.equal(nearest('listen-address', KNOWN), 'web.listen-address');
  t.equal(nearest('lgo.level', KNOWN), 'log.level');
});

t.test('guesses nothing where nothing is close', async t => {
  t.equal(nearest('storage.path', KNOWN), undefined);
  t.equal(nearest('', KNOWN), undefined);
  t.equal(nearest('x', KNOWN), undefined);
  t.equal(nearest(`${'x'.repeat(10_000)}log.level`, KNOWN), undefined);
});
