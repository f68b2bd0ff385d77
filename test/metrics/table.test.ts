import t from 'tap';
import { SELF_METRICS } from '../../src/metrics/self.js';
import type { SelfMetric } from '../../src/metrics/self.js';
import { CONTAINER_METRICS } from '../../src/metrics/table.js';
import type { ContainerSample } from '../../src/model/sample.js';
import { confinedProcess } from '../model/confinement/support.js';
import { container } from '../support/container.js';
import { sample } from '../support/sample.js';
import { confinementOf } from './confinement/support.js';

interface Row {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

const SELF: readonly SelfMetric[] = SELF_METRICS;
const ROWS: readonly Row[] = [
  ...CONTAINER_METRICS.map(({ name, type, help, labels }) => ({ name, type, help, labels: labels ?? [] })),
  ...SELF,
];

/** cAdvisor's names, kept although Prometheus would have others. */
const CADVISOR_COUNTERS_WITHOUT_TOTAL = ['container_memory_failcnt'];
const CADVISOR_GAUGES_WITH_TOTAL = ['container_fs_inodes_total'];

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

t.test('names and help texts stand once', async t => {
  t.strictSame(repeated(ROWS.map(row => row.name)), []);
  t.strictSame(repeated(ROWS.map(row => row.help)), []);
});

t.test('names are legal, and say whose they are', async t => {
  for (const { name } of ROWS) t.match(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, name);
  for (const { name } of CONTAINER_METRICS) t.match(name, /^container_/);
  for (const { name } of SELF) t.match(name, /^(confined|machine)_/);
});

t.test('help is one sentence that ends with a full stop, and says another thing than the name', async t => {
  for (const { name, help } of ROWS) {
    t.match(help, /^[A-Z].*\.$/, name);
    t.notMatch(help, /[\n"\\]/, `${name} needs no escaping`);
    t.notMatch(help, name);
  }
});

t.test('every metric of containers names where it comes from', async t => {
  for (const { name, source } of CONTAINER_METRICS) t.match(source, /\S/, name);
});

t.test('series that are kept for a part of the sample come from nothing else of it', async t => {
  const confinement = confinementOf([confinedProcess()]);
  const whole = sample({
    container: container({ health: { status: 'healthy', failingStreak: 0 } }),
    confinement,
  });
  const kept = CONTAINER_METRICS.filter(({ part }) => part !== undefined);
  t.ok(kept.length > 20);
  for (const metric of kept) {
    const asked = new Set<string>();
    const watched = new Proxy(whole, {
      get(target, key: keyof ContainerSample) {
        asked.add(key);
        return target[key];
      },
    });
    if (metric.labels === undefined) metric.value(watched);
    else metric.series(watched, () => undefined);
    t.strictSame([...asked], [metric.part], metric.name);
  }
});

t.test('counters end in _total and nothing else does', async t => {
  const counters = ROWS.filter(row => row.type === 'counter').map(row => row.name);
  t.strictSame(
    counters.filter(name => !name.endsWith('_total')),
    CADVISOR_COUNTERS_WITHOUT_TOTAL,
  );
  const others = ROWS.filter(row => row.type !== 'counter').map(row => row.name);
  t.strictSame(
    others.filter(name => name.endsWith('_total')),
    CADVISOR_GAUGES_WITH_TOTAL,
  );
});

t.test('infos end in _info, and no other suffix of the formats is used', async t => {
  for (const { name, type } of ROWS) {
    if (type === 'info') t.match(name, /_info$/);
    t.notMatch(name, /_(bucket|count|sum|created)$/, 'which mean something else to OpenMetrics');
  }
});

t.test('units are base units and stand last', async t => {
  for (const { name } of ROWS) {
    t.notMatch(
      name,
      /milliseconds|microseconds|nanoseconds|minutes|hours|kilobytes|megabytes|percent|_ms(_|$)/,
    );
    const base = name.replace(/_total$/, '');
    if (/_(seconds|bytes)(_|$)/.test(base)) t.match(base, /_(seconds|bytes)$/, name);
  }
});

t.test('a help text that speaks of seconds, bytes or unix time has the name to it', async t => {
  for (const { name, help } of ROWS) {
    if (/in seconds\.|in unix time/.test(help) && name !== 'container_last_seen')
      t.match(name, /_seconds(_total)?$/);
    if (/_seconds(_total)?$/.test(name)) t.match(help, /in seconds|in unix time/, name);
    if (/_bytes(_total)?$/.test(name)) t.match(help, /bytes/i, name);
  }
});

t.test('labels are legal, stand once, and are none of a container’s own', async t => {
  for (const { name, labels } of ROWS) {
    for (const label of labels) t.match(label, /^[a-z][a-z0-9_]*$/, name);
    t.strictSame(repeated(labels), [], name);
    t.strictSame(
      labels.filter(label => ['id', 'name', 'image', 'le', 'quantile', 'job', 'instance'].includes(label)),
      [],
      name,
    );
    t.notOk(
      labels.some(label => label.startsWith('container_label_')),
      name,
    );
  }
});
