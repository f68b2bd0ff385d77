import t from 'tap';
import { metricHeader } from '../../src/metrics/header.js';

const help = 'What it says.';

t.test('the text format names a metric as its samples are named, and has no infos', async t => {
  t.equal(
    metricHeader({ name: 'container_restarts_total', type: 'counter', help }, 'text'),
    '# HELP container_restarts_total What it says.\n# TYPE container_restarts_total counter\n',
  );
  t.equal(
    metricHeader({ name: 'container_info', type: 'info', help }, 'text'),
    '# HELP container_info What it says.\n# TYPE container_info gauge\n',
  );
});

/** OpenMetrics 1.0.0: "MetricFamily" and the suffixes of each type. */
const OPENMETRICS: [name: string, type: 'counter' | 'gauge' | 'info', lines: string[]][] = [
  ['container_restarts_total', 'counter', ['# TYPE container_restarts counter']],
  [
    'container_cpu_usage_seconds_total',
    'counter',
    ['# TYPE container_cpu_usage_seconds counter', '# UNIT container_cpu_usage_seconds seconds'],
  ],
  [
    'container_network_receive_bytes_total',
    'counter',
    ['# TYPE container_network_receive_bytes counter', '# UNIT container_network_receive_bytes bytes'],
  ],
  [
    'container_memory_usage_bytes',
    'gauge',
    ['# TYPE container_memory_usage_bytes gauge', '# UNIT container_memory_usage_bytes bytes'],
  ],
  ['container_memory_rss', 'gauge', ['# TYPE container_memory_rss gauge']],
  ['container_info', 'info', ['# TYPE container info']],
  // A counter without _total is not legal there, and the name must stay.
  ['container_memory_failcnt', 'counter', ['# TYPE container_memory_failcnt unknown']],
];

for (const [name, type, lines] of OPENMETRICS)
  t.test(`${name} in OpenMetrics`, async t => {
    const header = metricHeader({ name, type, help }, 'openmetrics');
    const family = lines[0]?.split(' ')[2];
    t.strictSame(header.split('\n'), [`# HELP ${family} What it says.`, ...lines, '']);
  });

t.test('a help text stays on its line', async t => {
  const odd = { name: 'x', type: 'gauge', help: 'a \\ b\n"c"' } as const;
  t.equal(metricHeader(odd, 'text').split('\n')[0], String.raw`# HELP x a \\ b\n"c"`);
  t.equal(metricHeader(odd, 'openmetrics').split('\n')[0], String.raw`# HELP x a \\ b\n\"c\"`);
});
