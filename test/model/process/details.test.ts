import t from 'tap';
import { softLimitsOf, taskStatesOf } from '../../../src/model/process/details.js';

t.test('threads by state, in the letters of fs/proc/array.c', async t => {
  t.strictSame(taskStatesOf(['R', 'S', 'S', 'I', 'D', 'T', 't', 'Z', 'X', 'P', '?']), {
    running: 1,
    sleeping: 3,
    uninterruptible: 1,
    stopped: 2,
  });
  t.strictSame(taskStatesOf([]), { running: 0, sleeping: 0, uninterruptible: 0, stopped: 0 });
});

t.test('of the limits, that of open files, as in cAdvisor', async t => {
  t.strictSame(
    softLimitsOf([
      { name: 'Max cpu time', soft: Infinity },
      { name: 'Max open files', soft: 1024 },
    ]),
    [{ name: 'max_open_files', value: 1024 }],
  );
  t.strictSame(softLimitsOf([]), []);
});
