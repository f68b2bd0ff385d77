import t from 'tap';
import { taskStatesOf } from '../../../src/model/process/details.js';

t.test('threads by state, in the letters of fs/proc/array.c', async t => {
  t.strictSame(taskStatesOf(['R', 'S', 'S', 'I', 'D', 'T', 't', 'Z', 'X', 'P', '?']), {
    running: 1,
    sleeping: 3,
    uninterruptible: 1,
    stopped: 2,
  });
  t.strictSame(taskStatesOf([]), { running: 0, sleeping: 0, uninterruptible: 0, stopped: 0 });
});
