import t from 'tap';
import { memory2 } from '../../../src/model/cgroup2/memory.js';
import { present, sampleOf } from '../support.js';

const STAT = `anon 20480
file 12288
kernel 3000
kernel_stack 1024
pagetables 512
sock 0
shmem 0
file_mapped 8192
file_dirty 100
file_writeback 200
inactive_anon 0
active_anon 20480
inactive_file 5120
active_file 7168
unevictable 0
workingset_refault_anon 3
workingset_refault_file 4
pgscan 60
pgsteal 50
pgscan_kswapd 60
pgscan_direct 0
pgfault 700
pgmajfault 7
`;

t.test('memory of the container and the cgroups below it', async t => {
  const sample = sampleOf(memory2, {
    'memory.current': '40960\n',
    'memory.peak': '81920\n',
    'memory.swap.current': '16384\n',
    'memory.stat': STAT,
    'memory.events': 'low 0\nhigh 4\nmax 9\noom 3\noom_kill 2\noom_group_kill 0\n',
    'memory.max': '67108864\n',
    'memory.swap.max': '67108864\n',
    'memory.low': '33554432\n',
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
    pageFaults: 700,
    majorPageFaults: 7,
    hierarchyPageFaults: 700,
    hierarchyMajorPageFaults: 7,
    highEvents: 4,
    maxEvents: 9,
    oomKills: 2,
    pagesScanned: 60,
    pagesReclaimed: 50,
    fileRefaults: 4,
    anonymousRefaults: 3,
    limitBytes: 67_108_864,
    swapLimitBytes: 134_217_728,
    reservationBytes: 33_554_432,
  });
});

t.test('max is no limit', async t => {
  const none = sampleOf(memory2, { 'memory.max': 'max\n', 'memory.swap.max': 'max\n' });
  t.equal(none.limitBytes, Infinity);
  t.equal(none.swapLimitBytes, Infinity);
  const swap = sampleOf(memory2, { 'memory.max': '67108864\n', 'memory.swap.max': 'max\n' });
  t.equal(swap.limitBytes, 67_108_864);
  t.equal(swap.swapLimitBytes, Infinity, 'as much swap as there is');
  const noSwap = sampleOf(memory2, { 'memory.max': '67108864\n', 'memory.swap.max': '0\n' });
  t.equal(noSwap.swapLimitBytes, 67_108_864, 'no swap at all');
});

t.test('what this kernel does not have is absent', async t => {
  const old = sampleOf(memory2, {
    'memory.current': '40960\n',
    'memory.max': 'max\n',
    'memory.stat': 'anon 20480\nfile 12288\ninactive_file 0\n',
    'memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
  });
  t.equal(old.maxUsageBytes, undefined, 'memory.peak came with 5.19');
  t.equal(old.kernelBytes, undefined, 'memory.stat kernel came with 5.18');
  t.equal(old.swapBytes, undefined, 'a kernel without swap accounting');
  t.equal(old.swapLimitBytes, undefined);
  t.equal(old.oomKills, 0);
  t.equal(old.workingSetBytes, 40_960);
});

t.test('the working set is not told where the cache is not known', async t => {
  t.equal(sampleOf(memory2, { 'memory.current': '40960\n' }).workingSetBytes, undefined);
  t.equal(sampleOf(memory2, { 'memory.stat': 'inactive_file 5\n' }).workingSetBytes, undefined);
});

t.test('more inactive cache than usage leaves nothing', async t => {
  const sample = sampleOf(memory2, { 'memory.current': '4096\n', 'memory.stat': 'inactive_file 8192\n' });
  t.equal(sample.workingSetBytes, 0);
});

t.test('without files everything is absent', async t => {
  t.strictSame(present(sampleOf(memory2, {})), []);
});
