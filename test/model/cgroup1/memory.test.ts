import t from 'tap';
import { memory1 } from '../../../src/model/cgroup1/memory.js';
import { present, sampleOf } from '../support.js';

/** A container with a cgroup of its own below it: `total_` counts both. */
const STAT = `cache 4096
rss 8192
rss_huge 0
shmem 0
mapped_file 4096
dirty 0
writeback 0
workingset_refault_anon 1
workingset_refault_file 2
swap 0
pgpgin 1000
pgpgout 900
pgfault 500
pgmajfault 5
inactive_anon 0
active_anon 8192
inactive_file 4096
active_file 0
unevictable 0
hierarchical_memory_limit 67108864
hierarchical_memsw_limit 134217728
total_cache 12288
total_rss 20480
total_rss_huge 0
total_shmem 0
total_mapped_file 8192
total_dirty 100
total_writeback 200
total_workingset_refault_anon 3
total_workingset_refault_file 4
total_swap 16384
total_pgpgin 2000
total_pgpgout 1800
total_pgfault 700
total_pgmajfault 7
total_inactive_anon 0
total_active_anon 20480
total_inactive_file 5120
total_active_file 7168
total_unevictable 0
`;

t.test('memory of the container and the cgroups below it', async t => {
  const sample = sampleOf(memory1, {
    'memory.usage_in_bytes': '40960\n',
    'memory.max_usage_in_bytes': '81920\n',
    'memory.kmem.usage_in_bytes': '3000\n',
    'memory.failcnt': '9\n',
    'memory.stat': STAT,
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    'memory.limit_in_bytes': '67108864\n',
    'memory.memsw.limit_in_bytes': '134217728\n',
    'memory.soft_limit_in_bytes': '33554432\n',
  });
  t.strictSame(sample, {
    usageBytes: 40_960,
    workingSetBytes: 40_960 - 5120,
    rssBytes: 20_480,
    cacheBytes: 12_288,
    swapBytes: 16_384,
    mappedFileBytes: 8192,
    kernelBytes: 3000,
    maxUsageBytes: 81_920,
    activeFileBytes: 7168,
    inactiveFileBytes: 5120,
    fileDirtyBytes: 100,
    fileWritebackBytes: 200,
    limitHits: 9,
    pageFaults: 500,
    majorPageFaults: 5,
    hierarchyPageFaults: 700,
    hierarchyMajorPageFaults: 7,
    highEvents: undefined,
    maxEvents: undefined,
    oomKills: 2,
    pagesScanned: undefined,
    pagesReclaimed: undefined,
    fileRefaults: 4,
    anonymousRefaults: 3,
    limitBytes: 67_108_864,
    swapLimitBytes: 134_217_728,
    reservationBytes: 33_554_432,
  });
});

t.test(
  'the number that the kernel prints for no limit, on machines with pages of 4 and of 64 kB',
  async t => {
    for (const none of ['9223372036854771712', '9223372036854710272']) {
      const sample = sampleOf(memory1, {
        'memory.limit_in_bytes': `${none}\n`,
        'memory.memsw.limit_in_bytes': `${none}\n`,
        'memory.soft_limit_in_bytes': `${none}\n`,
      });
      t.equal(sample.limitBytes, Infinity);
      t.equal(sample.swapLimitBytes, Infinity);
      t.equal(sample.reservationBytes, Infinity);
    }
  },
);

t.test('a limit that was written by hand is what the kernel made of it', async t => {
  t.equal(sampleOf(memory1, { 'memory.limit_in_bytes': '7999488\n' }).limitBytes, 7_999_488);
});

t.test('without swap accounting there is no limit of memory and swap to tell', async t => {
  const sample = sampleOf(memory1, { 'memory.limit_in_bytes': '67108864\n' });
  t.equal(sample.swapLimitBytes, undefined);
});

t.test('kernels before 4.13 do not count kills', async t => {
  const sample = sampleOf(memory1, { 'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\n' });
  t.strictSame(present(sample), []);
});

t.test('without files everything is absent', async t => {
  t.strictSame(present(sampleOf(memory1, {})), []);
});
