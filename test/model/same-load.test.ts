import t from 'tap';
import { blkio1 } from '../../src/model/cgroup1/blkio.js';
import { cpu1 } from '../../src/model/cgroup1/cpu.js';
import { memory1 } from '../../src/model/cgroup1/memory.js';
import { tasks1 } from '../../src/model/cgroup1/tasks.js';
import { blkio2 } from '../../src/model/cgroup2/blkio.js';
import { cpu2 } from '../../src/model/cgroup2/cpu.js';
import { memory2 } from '../../src/model/cgroup2/memory.js';
import { tasks2 } from '../../src/model/cgroup2/tasks.js';
import { sampleOf } from './support.js';

/** One load: 2 threads used 1.5 s of CPU, 40 MiB of memory and a disk; as cgroup v1 describes it. */
const VERSION_1 = {
  'cpuacct.usage': '1500000000\n',
  'cpuacct.usage_user': '1200000000\n',
  'cpuacct.usage_sys': '300000000\n',
  'cpu.stat': 'nr_periods 100\nnr_throttled 7\nthrottled_time 250000000\nnr_bursts 2\nburst_time 1000000\n',
  'cpu.cfs_quota_us': '50000\n',
  'cpu.cfs_period_us': '100000\n',
  'memory.usage_in_bytes': '41943040\n',
  'memory.max_usage_in_bytes': '62914560\n',
  'memory.kmem.usage_in_bytes': '1048576\n',
  'memory.failcnt': '5\n',
  'memory.stat': `pgfault 900
pgmajfault 9
total_cache 20971520
total_rss 16777216
total_mapped_file 4194304
total_dirty 4096
total_writeback 8192
total_workingset_refault_anon 1
total_workingset_refault_file 2
total_swap 1048576
total_pgfault 900
total_pgmajfault 9
total_inactive_file 8388608
total_active_file 12582912
`,
  'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
  'memory.limit_in_bytes': '67108864\n',
  'memory.memsw.limit_in_bytes': '134217728\n',
  'memory.soft_limit_in_bytes': '33554432\n',
  'blkio.throttle.io_service_bytes_recursive':
    '8:0 Read 8192\n8:0 Write 4096\n8:0 Sync 12288\n8:0 Async 0\n8:0 Discard 0\n8:0 Total 12288\nTotal 12288\n',
  'blkio.throttle.io_serviced_recursive':
    '8:0 Read 2\n8:0 Write 1\n8:0 Sync 3\n8:0 Async 0\n8:0 Discard 0\n8:0 Total 3\nTotal 3\n',
  'pids.current': '2\n',
  'pids.max': '100\n',
  'pids.peak': '4\n',
};

/** The same as cgroup v2 describes it. */
const VERSION_2 = {
  'cpu.stat': `usage_usec 1500000
user_usec 1200000
system_usec 300000
nr_periods 100
nr_throttled 7
throttled_usec 250000
nr_bursts 2
burst_usec 1000
`,
  'cpu.max': '50000 100000\n',
  'memory.current': '41943040\n',
  'memory.peak': '62914560\n',
  'memory.swap.current': '1048576\n',
  'memory.stat': `anon 16777216
file 20971520
kernel 1048576
file_mapped 4194304
file_dirty 4096
file_writeback 8192
inactive_file 8388608
active_file 12582912
workingset_refault_anon 1
workingset_refault_file 2
pgfault 900
pgmajfault 9
`,
  'memory.events': 'low 0\nhigh 0\nmax 5\noom 1\noom_kill 1\n',
  'memory.max': '67108864\n',
  'memory.swap.max': '67108864\n',
  'memory.low': '33554432\n',
  'io.stat': '8:0 rbytes=8192 wbytes=4096 rios=2 wios=1 dbytes=0 dios=0\n',
  'pids.current': '2\n',
  'pids.max': '100\n',
  'pids.peak': '4\n',
};

t.test('the same load is the same sample on both cgroup versions', async t => {
  t.strictSame(sampleOf(cpu1, VERSION_1), sampleOf(cpu2, VERSION_2), 'CPU');
  t.strictSame(sampleOf(tasks1, VERSION_1), sampleOf(tasks2, VERSION_2), 'tasks');
  // v1 does not tell these.
  const onlyVersion2 = { highEvents: 0, maxEvents: 5 };
  t.strictSame({ ...sampleOf(memory1, VERSION_1), ...onlyVersion2 }, sampleOf(memory2, VERSION_2), 'memory');
  const shared = new Set(['Read', 'Write', 'Discard']);
  const [device] = sampleOf(blkio1, VERSION_1)?.devices ?? [];
  t.strictSame(
    {
      ...device,
      bytes: device?.bytes.filter(({ operation }) => shared.has(operation)),
      operations: device?.operations.filter(({ operation }) => shared.has(operation)),
    },
    sampleOf(blkio2, VERSION_2)?.devices[0],
    'block I/O, but for sums that only v1 has',
  );
});

t.test('no limits are the same on both', async t => {
  const none1 = {
    'memory.limit_in_bytes': '9223372036854771712\n',
    'memory.memsw.limit_in_bytes': '9223372036854771712\n',
    'cpu.cfs_quota_us': '-1\n',
    'cpu.cfs_period_us': '100000\n',
    'pids.max': 'max\n',
  };
  const none2 = {
    'memory.max': 'max\n',
    'memory.swap.max': 'max\n',
    'cpu.max': 'max 100000\n',
    'pids.max': 'max\n',
  };
  t.strictSame(sampleOf(cpu1, none1), sampleOf(cpu2, none2));
  t.strictSame(sampleOf(memory1, none1), sampleOf(memory2, none2));
  t.strictSame(sampleOf(tasks1, none1), sampleOf(tasks2, none2));
});
