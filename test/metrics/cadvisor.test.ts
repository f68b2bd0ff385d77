import t from 'tap';
import { cadvisorPage } from '../../src/metrics/cadvisor-page.js';
import { CADVISOR_GROUPS, CADVISOR_METRICS, isOffered } from '../../src/metrics/cadvisor.js';

const names = CADVISOR_METRICS.map(({ name }) => name);
const offered = CADVISOR_METRICS.filter(isOffered).map(({ name }) => name);

t.test('every metric stands once in the table', async t => {
  t.strictSame(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  t.strictSame(
    CADVISOR_METRICS,
    CADVISOR_GROUPS.flatMap(({ metrics }) => metrics),
  );
});

t.test('names and labels are legal in Prometheus', async t => {
  t.strictSame(
    names.filter(name => !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)),
    [],
  );
  for (const { name, labels } of CADVISOR_METRICS) {
    const illegal = labels.filter(label => !/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(label));
    t.strictSame(illegal, [], name);
    t.equal(new Set(labels).size, labels.length, `${name} repeats no label`);
  }
});

t.test('what confined takes over keeps the conventions of Prometheus, but for two old names', async t => {
  const taken = CADVISOR_METRICS.filter(isOffered);
  const counters = taken.filter(({ type }) => type === 'counter').map(({ name }) => name);
  t.strictSame(
    counters.filter(name => !name.endsWith('_total')),
    ['container_memory_failcnt'],
  );
  const gauges = taken.filter(({ type }) => type === 'gauge').map(({ name }) => name);
  t.strictSame(
    gauges.filter(name => name.endsWith('_total')),
    ['container_fs_inodes_total'],
  );
  t.strictSame(
    taken.filter(({ labels }) => labels.some(label => ['id', 'name', 'image'].includes(label))),
    [],
    'identity is left to the renderer',
  );
});

t.test('what dashboards and alerts for cAdvisor ask for most is offered', async t => {
  const asked = [
    'container_last_seen',
    'container_start_time_seconds',
    'container_cpu_usage_seconds_total',
    'container_cpu_user_seconds_total',
    'container_cpu_cfs_throttled_periods_total',
    'container_spec_cpu_quota',
    'container_memory_usage_bytes',
    'container_memory_working_set_bytes',
    'container_memory_rss',
    'container_memory_cache',
    'container_spec_memory_limit_bytes',
    'container_network_receive_bytes_total',
    'container_network_transmit_bytes_total',
    'container_fs_reads_bytes_total',
    'container_fs_writes_bytes_total',
    'container_fs_usage_bytes',
    'container_oom_events_total',
    'container_health_state',
    'machine_cpu_cores',
    'machine_memory_bytes',
  ];
  t.strictSame(
    asked.filter(name => !offered.includes(name)),
    [],
  );
});

t.test('each difference is told in one or two whole sentences', async t => {
  for (const { name, ours } of CADVISOR_METRICS) {
    if (ours !== 'same') {
      const text = 'better' in ours ? ours.better : ours.notOffered;
      t.match(text, /^[A-Za-z].*\.$/, name);
      t.notMatch(text, /[|\n]/, `${name} fits a table cell`);
    }
  }
});

t.test('the page has a row for every metric', async t => {
  const rows = cadvisorPage(new Set(offered))
    .split('\n')
    .filter(line => line.startsWith('| `'));
  t.strictSame(
    rows.map(line => line.split('`')[1]),
    names,
  );
  for (const line of rows) {
    t.equal(line.split('|').length, 6, line);
  }
});

t.test('the page says of each metric what the table says', async t => {
  const page = cadvisorPage(new Set(offered));
  t.match(page, '| `container_memory_rss` | gauge |  | Same. |');
  t.match(
    page,
    /\| `container_oom_events_total` \| counter \| {2}\| Better\. The cgroup's own `oom_kill` counter/,
  );
  t.match(page, /\| `container_hugetlb_usage_bytes` \| gauge \| `pagesize` \| Not offered\. Few containers/);
  t.match(page, '`tcp` in cAdvisor, off by default.');
  t.match(page, `confined exports ${offered.length}: `);
});

t.test('the page does not promise what confined does not export', async t => {
  const page = cadvisorPage(new Set(offered.filter(name => name !== 'container_memory_rss')));
  t.match(page, '| `container_memory_rss` | gauge |  | Not in this release. |');
  t.match(page, `confined exports ${offered.length - 1}: `);
});

t.test('the page lists what cAdvisor does not have, and only about containers', async t => {
  const page = cadvisorPage(new Set([...offered, 'container_seccomp_mode', 'confined_build_info']));
  const list = page.slice(page.indexOf('## What cAdvisor does not have'));
  t.match(list, '- `container_seccomp_mode`');
  t.notMatch(list, 'confined_build_info');
  t.notMatch(list, 'container_memory_rss');
});
