import t from 'tap';
import { cpu2 } from '../../../src/model/cgroup2/cpu.js';
import { present, sampleOf } from '../support.js';

t.test('CPU time, throttling and limits', async t => {
  const sample = sampleOf(cpu2, {
    'cpu.stat':
      'usage_usec 366693\nuser_usec 134454\nsystem_usec 232239\nnice_usec 0\ncore_sched.force_idle_usec 0\n' +
      'nr_periods 120\nnr_throttled 17\nthrottled_usec 1500000\nnr_bursts 3\nburst_usec 250000\n',
    'cpu.max': '50000 100000\n',
    'cpu.weight': '100\n',
  });
  t.strictSame(sample, {
    usageSeconds: 0.366693,
    userSeconds: 0.134454,
    systemSeconds: 0.232239,
    perCpuUsageSeconds: undefined,
    periods: 120,
    throttledPeriods: 17,
    throttledSeconds: 1.5,
    burstPeriods: 3,
    burstSeconds: 0.25,
    quotaMicroseconds: 50_000,
    periodMicroseconds: 100_000,
    shares: 2597,
  });
});

t.test('max is no quota, and the period stands all the same', async t => {
  const sample = sampleOf(cpu2, { 'cpu.max': 'max 100000\n' });
  t.equal(sample.quotaMicroseconds, Infinity);
  t.equal(sample.periodMicroseconds, 100_000);
});

t.test('without the cpu controller the kernel tells CPU time alone', async t => {
  const sample = sampleOf(cpu2, { 'cpu.stat': 'usage_usec 5\nuser_usec 3\nsystem_usec 2\n' });
  t.strictSame(present(sample), ['usageSeconds', 'userSeconds', 'systemSeconds']);
});

t.test('weights on the scale of --cpu-shares', async t => {
  // runc: weight = 1 + ((shares - 2) * 9999) / 262142, in whole numbers.
  const weightOf = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262142);
  const sharesOf = (weight: number): number | undefined =>
    sampleOf(cpu2, { 'cpu.weight': `${weight}\n` }).shares;
  t.equal(sharesOf(1), 2);
  t.equal(sharesOf(10_000), 262_144);
  for (const shares of [2, 100, 512, 1024, 2048, 50_000, 262_144]) {
    const back = sharesOf(weightOf(shares));
    t.ok(back !== undefined && back <= shares && shares - back < 262142 / 9999 + 1, `${shares} is ${back}`);
  }
});

t.test('without files everything is absent', async t => {
  t.strictSame(present(sampleOf(cpu2, {})), []);
});
