import * as fc from 'fast-check';
import t from 'tap';
import { quote, show } from '../../src/config/quote.js';

t.test('keeps plain text, accents and emoji as they are', async t => {
  t.equal(quote('café 🐳'), '"café 🐳"');
});

t.test('escapes what would break the line or move the cursor', async t => {
  t.equal(quote('a\nb\tc"d\\e'), String.raw`"a\nb\tc\"d\\e"`);
  t.equal(quote('\u001B[2J\u009B\u2028\u202E\uD800'), String.raw`"\u001b[2J\u009b\u2028\u202e\ud800"`);
});

t.test('cuts long text', async t => {
  t.equal(show('x'.repeat(101)), `${'x'.repeat(100)}…`);
  t.equal(show('x'.repeat(100)), 'x'.repeat(100));
});

t.test('hides the credentials of a URL', async t => {
  t.equal(show('tcp://admin:secret@docker:2375'), 'tcp://***@docker:2375');
});

t.test('is always one line', async t => {
  t.doesNotThrow(() =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !/[\p{C}\p{Zl}\p{Zp}]/u.test(quote(text)))),
  );
});
