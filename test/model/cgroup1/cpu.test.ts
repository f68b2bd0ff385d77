import t from 'tap';
import { cpu1, perCpu1 } from '../../../src/model/cgroup1/cpu.js';
import { present, sampleOf } from '../support.js';

t.test('CPU time, throttling and limits', async t => {
  const sample = sampleOf(cpu1, {
    'cpuacct.usage': '9273372036854\n',
    'cpuacct.usage_user': '9000000000001\n',
    'cpuacct.usage_sys': '273372036853\n',
    'cpu.stat':
      'nr_periods 120\nnr_throttled 17\nthrottled_time 1500000000\nnr_bursts 3\nburst_time 250000000\n',
    'cpu.cfs_quota_us': '50000\n',
    'cpu.cfs_period_us': '100000\n',
    'cpu.shares': '512\n',
  });
  t.strictSame(sample, {
    usageSeconds: 9273.372036854,
    userSeconds: 9000.000000001,
    systemSeconds: 273.372036853,
    perCpuUsageSeconds: undefined,
    periods: 120,
    throttledPeriods: 17,
    throttledSeconds: 1.5,
    burstPeriods: 3,
    burstSeconds: 0.25,
    quotaMicroseconds: 50_000,
    periodMicroseconds: 100_000,
    shares: 512,
  });
});

t.test('-1 is no quota', async t => {
  t.equal(sampleOf(cpu1, { 'cpu.cfs_quota_us': '-1\n' }).quotaMicroseconds, Infinity);
});

t.test('kernels before 5.14 do not tell bursts', async t => {
  const sample = sampleOf(cpu1, { 'cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 0\n' });
  t.strictSame(present(sample), ['periods', 'throttledPeriods', 'throttledSeconds']);
  t.equal(sample.periods, 0);
});

t.test('without files everything is absent', async t => {
  t.strictSame(present(sampleOf(cpu1, {})), []);
});

t.test('more CPU time than an exact integer of nanoseconds', async t => {
  // 200 days of a busy CPU, 2^53 ns are 104.
  t.equal(sampleOf(cpu1, { 'cpuacct.usage': '17280000000000000\n' }).usageSeconds, 17_280_000);
});

t.test('CPU time by CPU', async t => {
  t.strictSame(
    sampleOf(perCpu1, { 'cpuacct.usage_percpu': '288677140 283741 0 \n' }),
    [0.28867714, 0.000283741, 0],
  );
  t.equal(sampleOf(perCpu1, {}), undefined);
});
