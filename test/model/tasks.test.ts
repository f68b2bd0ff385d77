import t from 'tap';
import { tasks1 } from '../../src/model/cgroup1/tasks.js';
import { tasks2 } from '../../src/model/cgroup2/tasks.js';
import { present, sampleOf } from './support.js';

for (const [version, section] of [
  ['v1', tasks1],
  ['v2', tasks2],
] as const)
  t.test(`threads on cgroup ${version}`, async t => {
    t.strictSame(sampleOf(section, { 'pids.current': '12\n', 'pids.peak': '40\n', 'pids.max': '100\n' }), {
      threads: 12,
      threadsPeak: 40,
      threadsMax: 100,
    });
    const unlimited = sampleOf(section, { 'pids.current': '1\n', 'pids.max': 'max\n' });
    t.equal(unlimited.threadsMax, Infinity);
    t.equal(unlimited.threadsPeak, undefined, 'kernels before 6.1 have no pids.peak');
    t.strictSame(present(sampleOf(section, {})), []);
  });
