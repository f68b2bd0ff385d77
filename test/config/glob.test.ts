import * as fc from 'fast-check';
import t from 'tap';
import { parseGlob } from '../../src/config/glob.js';
import { InvalidValue } from '../../src/config/invalid-value.js';

t.test('matches the whole text', async t => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['web', 'my-web', false],
    ['web*', 'web-1', true],
    ['*-db', 'shop-db', true],
    ['*-db', 'shop-db-2', false],
    ['shop-*-?', 'shop-db-1', true],
    ['shop-*-?', 'shop-db-12', false],
    ['*', '', true],
    ['?', '', false],
    ['?', '🐳', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*bc', 'abcbc', true],
    ['Web', 'web', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['registry.example.com/*:v?', 'registry.example.com/shop/web:v2', true],
    ['a*1*0', 'a10', true],
    ['one*', 'one\ntwo', true],
  ];
  for (const [glob, text, matches] of cases) {
    t.equal(parseGlob(glob).test(text), matches, `${glob} and ${JSON.stringify(text)}`);
  }
});

t.test('agrees with a matcher that tries everything', async t => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
  const globs = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), minLength: 1, maxLength: 8 });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(globs, letters, (glob, text) => parseGlob(glob).test(text) === matches(glob, text)),
      { numRuns: 2000 },
    ),
  );
});

t.test('any text of up to 256 characters is a glob', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }),
        text => parseGlob(text) instanceof RegExp,
      ),
    ),
  );
  t.throws(
    () => parseGlob('a'.repeat(257)),
    new InvalidValue('is longer than 256 characters; shorten it with *'),
  );
  t.throws(() => parseGlob(''), new InvalidValue('is an empty glob; write a name, or * for all'));
});

t.test('takes no longer for many stars than for few', async t => {
  const name = 'a'.repeat(60_000);
  const start = process.hrtime.bigint();
  t.notOk(parseGlob(`${'a*'.repeat(60)}b`).test(name));
  t.ok(process.hrtime.bigint() - start < 2_000_000_000n, 'a backtracking matcher would take years');
});

function matches(glob: string, text: string): boolean {
  if (glob === '') {
    return text === '';
  }
  if (glob.startsWith('*')) {
    return matches(glob.slice(1), text) || (text !== '' && matches(glob, text.slice(1)));
  }
  return text !== '' && (glob[0] === '?' || glob[0] === text[0]) && matches(glob.slice(1), text.slice(1));
}
