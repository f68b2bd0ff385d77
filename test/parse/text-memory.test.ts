import t from 'tap';
import { createTextMemory, forgetText, sameText } from '../../src/parse/text-memory.js';

const memory = createTextMemory(2);
const same = (entry: number, content: string) => {
  const bytes = new TextEncoder().encode(`>>${content}<<`);
  return sameText(memory, entry, bytes, 2, bytes.length - 2);
};

t.notOk(same(0, ''), 'at first even empty text has changed');
t.ok(same(0, ''));
t.notOk(same(0, '00000000a80425fb'));
t.ok(same(0, '00000000a80425fb'));
t.notOk(same(0, '00000000a80425fc'), 'one byte');
t.notOk(same(0, '00000000a80425f'), 'a shorter text');
t.notOk(same(0, '00000000a80425fb'), 'a longer text');
t.notOk(same(1, '00000000a80425fb'), 'each entry has its own');
t.ok(same(0, '00000000a80425fb'));

forgetText(memory, 0);
t.notOk(same(0, '00000000a80425fb'));
t.ok(same(1, '00000000a80425fb'));

t.notOk(same(0, 'x'.repeat(47)));
t.ok(same(0, 'x'.repeat(47)));
t.notOk(same(0, 'x'.repeat(48)), 'what is longer than an entry is not held');
t.notOk(same(0, 'x'.repeat(48)));
t.notOk(same(0, 'x'.repeat(300)));
t.notOk(same(0, 'x'.repeat(300)));
t.ok(same(1, '00000000a80425fb'), 'and does not spill into the next');
