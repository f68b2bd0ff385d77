import t from 'tap';
import { CPU_METRICS } from '../../src/metrics/cpu.js';
import { cpu, expose } from './support.js';

t.test('one series for all CPUs, or one for each', async t => {
  const total = expose(CPU_METRICS, { cpu: cpu({ usageSeconds: 1.5 }) });
  t.equal(total.value('container_cpu_usage_seconds_total'), 1.5);
  t.equal(total.series[0]?.labels['cpu'], 'total');
  const perCpuUsageSeconds = [...Array(11).keys()];
  const each = expose(CPU_METRICS, { cpu: cpu({ usageSeconds: 55, perCpuUsageSeconds }) });
  t.strictSame(
    each.values('container_cpu_usage_seconds_total'),
    perCpuUsageSeconds,
    'and no total beside them',
  );
  t.equal(each.value('container_cpu_usage_seconds_total', { cpu: 'cpu03' }), 3);
  t.equal(each.value('container_cpu_usage_seconds_total', { cpu: 'cpu10' }), 10);
});

t.test('a quota', async t => {
  const limited = expose(CPU_METRICS, {
    cpu: cpu({ quotaMicroseconds: 50_000, periodMicroseconds: 100_000 }),
  });
  t.equal(limited.value('container_spec_cpu_quota'), 50_000);
  t.equal(limited.value('container_spec_cpu_period'), 100_000);
  t.equal(limited.value('container_cpu_limit_cores'), 0.5);
});

t.test('no quota is no series, and the period stands all the same', async t => {
  const free = expose(CPU_METRICS, {
    cpu: cpu({ quotaMicroseconds: Infinity, periodMicroseconds: 100_000 }),
  });
  t.strictSame(free.values('container_spec_cpu_quota'), []);
  t.strictSame(free.values('container_cpu_limit_cores'), []);
  t.equal(free.value('container_spec_cpu_period'), 100_000);
});

t.test('what is not known has no series', async t => {
  t.strictSame(expose(CPU_METRICS, {}).series, []);
  t.strictSame(expose(CPU_METRICS, { cpu: cpu({}) }).series, []);
});

t.test('zero is a value', async t => {
  const idle = expose(CPU_METRICS, { cpu: cpu({ throttledPeriods: 0, usageSeconds: 0 }) });
  t.equal(idle.value('container_cpu_cfs_throttled_periods_total'), 0);
  t.equal(idle.value('container_cpu_usage_seconds_total'), 0);
});
