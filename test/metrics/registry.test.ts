import t from 'tap';
import { createSelfRegistry } from '../../src/metrics/registry.js';
import { SELF_METRICS } from '../../src/metrics/self.js';
import { parseExposition } from '../support/exposition.js';

t.test('both formats can be rendered again and again, each with its own names', async t => {
  const registry = createSelfRegistry({ defaultMetrics: true });
  registry.add('confined_reconciles_total', {});
  registry.add('confined_events_total', { action: 'start' }, 2);
  for (let turn = 1; turn <= 3; turn += 1) {
    const openmetrics = await registry.render('openmetrics');
    const text = await registry.render('text');
    t.match(openmetrics, '# TYPE confined_events counter\n', `OpenMetrics names the family, turn ${turn}`);
    t.match(openmetrics, '\nconfined_events_total{action="start"} 2\n');
    t.match(openmetrics, '\nconfined_reconciles_total 1\n');
    t.notMatch(openmetrics, '_total_total');
    t.match(
      text,
      '# TYPE confined_events_total counter\n',
      `the text format names the samples, turn ${turn}`,
    );
    t.match(text, '\nconfined_events_total{action="start"} 2\n');
    t.match(text, '\nprocess_cpu_seconds_total ');
    t.match(openmetrics, '\nprocess_cpu_seconds_total ');
  }
});

t.test('OpenMetrics ends with its end marker, the text format has none', async t => {
  const registry = createSelfRegistry({ defaultMetrics: false });
  t.match(await registry.render('openmetrics'), /\n# EOF\n$/);
  t.notMatch(await registry.render('text'), '# EOF');
});

t.test('what nobody has set is absent, and what is unset becomes absent', async t => {
  const registry = createSelfRegistry({ defaultMetrics: false });
  const read = async (): Promise<ReturnType<typeof parseExposition>> =>
    parseExposition(await registry.render('text'));
  t.strictSame((await read()).values('confined_docker_up'), []);
  t.strictSame((await read()).values('machine_memory_bytes'), []);
  registry.set('confined_docker_up', {}, 0);
  registry.set('confined_collector_success', { collector: 'cpu' }, 1);
  t.strictSame((await read()).values('confined_docker_up'), [0]);
  registry.set('confined_docker_up', {}, undefined);
  registry.set('confined_collector_success', { collector: 'cpu' }, undefined);
  t.strictSame((await read()).values('confined_docker_up'), []);
  t.strictSame((await read()).values('confined_collector_success'), []);
});

t.test('numbers that are none', async t => {
  const registry = createSelfRegistry({ defaultMetrics: false });
  registry.set('confined_snapshot_age_seconds', {}, NaN);
  registry.set('machine_cpu_cores', {}, Infinity);
  for (const format of ['text', 'openmetrics'] as const) {
    const exposition = parseExposition(await registry.render(format));
    t.ok(Number.isNaN(exposition.value('confined_snapshot_age_seconds')));
    t.equal(exposition.value('machine_cpu_cores'), Infinity);
  }
});

t.test('a counter adds up, and a histogram counts into its buckets', async t => {
  const registry = createSelfRegistry({ defaultMetrics: false });
  registry.add('confined_series_dropped_total', {}, 5);
  registry.add('confined_series_dropped_total', {}, 0);
  registry.add('confined_series_dropped_total', {});
  registry.observe('confined_poll_duration_seconds', {}, 0.002);
  registry.observe('confined_poll_duration_seconds', {}, 60);
  const exposition = parseExposition(await registry.render('text'));
  t.equal(exposition.value('confined_series_dropped_total'), 6);
  t.equal(exposition.value('confined_poll_duration_seconds_bucket', { le: '0.001' }), 0);
  t.equal(exposition.value('confined_poll_duration_seconds_bucket', { le: '0.0025' }), 1);
  t.equal(exposition.value('confined_poll_duration_seconds_bucket', { le: '+Inf' }), 2);
  t.equal(exposition.value('confined_poll_duration_seconds_count'), 2);
});

t.test('label values are escaped', async t => {
  const registry = createSelfRegistry({ defaultMetrics: false });
  registry.add('confined_events_total', { action: 'exec_start: sh -c "a\\b"\n' });
  const exposition = parseExposition(await registry.render('text'));
  t.equal(exposition.value('confined_events_total', { action: 'exec_start: sh -c "a\\b"\n' }), 1);
});

t.test('Node’s own metrics, without those that promtool rejects or that are slow', async t => {
  const exposition = parseExposition(await createSelfRegistry({ defaultMetrics: true }).render('text'));
  t.ok(exposition.values('process_resident_memory_bytes').length === 1);
  for (const name of [
    'nodejs_active_handles_total',
    'nodejs_active_requests_total',
    'nodejs_active_resources_total',
    'process_open_fds',
  ])
    t.notOk(exposition.types.has(name), name);
  const without = parseExposition(await createSelfRegistry({ defaultMetrics: false }).render('text'));
  t.strictSame(
    [...without.types.keys()].filter(name => /^(process|nodejs)_/.test(name)),
    [],
  );
});

t.test('registries do not share anything', async t => {
  const one = createSelfRegistry({ defaultMetrics: true });
  const other = createSelfRegistry({ defaultMetrics: true });
  one.add('confined_reconciles_total', {});
  t.equal(parseExposition(await other.render('text')).value('confined_reconciles_total'), 0);
});

t.test('every row has its type and help', async t => {
  const { types, helps } = parseExposition(
    await createSelfRegistry({ defaultMetrics: false }).render('text'),
  );
  for (const { name, type, help } of SELF_METRICS) {
    t.equal(types.get(name), type, name);
    t.equal(helps.get(name), help, name);
  }
});
