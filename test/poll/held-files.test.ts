import { readFileSync } from 'node:fs';
import t from 'tap';
import { heldFilesBudget } from '../../src/poll/held-files.js';

t.test('some of what may be open at all is left free', async t => {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  t.equal(heldFilesBudget(10), 10);
  t.equal(heldFilesBudget(0), 0);
  t.equal(heldFilesBudget(1e9), Math.min(1e9, Math.max(Math.floor(limit / 2), limit - 2048)));
});
