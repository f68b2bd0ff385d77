import t from 'tap';
import { value } from '../../src/config/kinds.js';
import { resolve } from '../../src/config/resolve.js';

t.test("a fault in a reader is not taken for a user's mistake", async t => {
  const kind = value('X', () => {
    throw new TypeError('x is not a function');
  });
  const option = { name: 'x', group: 'Logging', kind, help: 'X.' } as const;
  const setting = { origin: '--x', values: [{ text: '1', origin: '--x' }] };
  const mistakes: string[] = [];
  t.throws(() => resolve(option, [setting], mistakes), new TypeError('x is not a function'));
  t.strictSame(mistakes, []);
});
