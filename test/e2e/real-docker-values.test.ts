import { execFileSync } from 'node:child_process';
import t from 'tap';
import { startTestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import type { Exposition } from '../support/exposition.js';
import { getJson } from '../support/get-json.js';
import { KernelFiles, type KernelValue } from '../support/kernel-files.js';

t.setTimeout(400_000);

interface Comparison {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly controller: string;
  /** By cgroup version; undefined where that version does not tell. */
  readonly version1?: KernelValue;
  readonly version2?: KernelValue;
}

const stat = (key: string): KernelValue => ({ file: 'memory.stat', key });
const memory = (metric: string, version1?: KernelValue, version2?: KernelValue): Comparison => ({
  metric: `container_${metric}`,
  controller: 'memory',
  ...(version1 && { version1 }),
  ...(version2 && { version2 }),
});
const throttling = (metric: string, key: string): Comparison => ({
  metric: `container_cpu_cfs_${metric}`,
  controller: 'cpu',
  version1: { file: 'cpu.stat', key },
  version2: { file: 'cpu.stat', key },
});
const faults = (failure_type: string, scope: string, version1: string, version2?: string): Comparison => ({
  ...memory('memory_failures_total', stat(version1), version2 === undefined ? undefined : stat(version2)),
  labels: { failure_type, scope },
});

/** The files' meaning is that of the kernel's admin-guide/cgroup-v1 and admin-guide/cgroup-v2.rst. */
const COMPARISONS: readonly Comparison[] = [
  {
    metric: 'container_cpu_usage_seconds_total',
    labels: { cpu: 'total' },
    controller: 'cpuacct',
    version1: { file: 'cpuacct.usage', per: 1e9 },
    version2: { file: 'cpu.stat', key: 'usage_usec', per: 1e6 },
  },
  {
    metric: 'container_cpu_user_seconds_total',
    controller: 'cpuacct',
    version1: { file: 'cpuacct.usage_user', per: 1e9 },
    version2: { file: 'cpu.stat', key: 'user_usec', per: 1e6 },
  },
  {
    metric: 'container_cpu_system_seconds_total',
    controller: 'cpuacct',
    version1: { file: 'cpuacct.usage_sys', per: 1e9 },
    version2: { file: 'cpu.stat', key: 'system_usec', per: 1e6 },
  },
  memory('memory_usage_bytes', { file: 'memory.usage_in_bytes' }, { file: 'memory.current' }),
  memory('memory_max_usage_bytes', { file: 'memory.max_usage_in_bytes' }, { file: 'memory.peak' }),
  memory('memory_rss', stat('total_rss'), stat('anon')),
  memory('memory_cache', stat('total_cache'), stat('file')),
  memory('memory_mapped_file', stat('total_mapped_file'), stat('file_mapped')),
  memory('memory_total_active_file_bytes', stat('total_active_file'), stat('active_file')),
  memory('memory_total_inactive_file_bytes', stat('total_inactive_file'), stat('inactive_file')),
  memory('memory_file_dirty_bytes', stat('total_dirty'), stat('file_dirty')),
  memory('memory_kernel_usage', { file: 'memory.kmem.usage_in_bytes' }, stat('kernel')),
  memory('memory_failcnt', { file: 'memory.failcnt' }, { file: 'memory.events', key: 'max' }),
  memory(
    'oom_events_total',
    { file: 'memory.oom_control', key: 'oom_kill' },
    { file: 'memory.events', key: 'oom_kill' },
  ),
  faults('pgfault', 'hierarchy', 'total_pgfault', 'pgfault'),
  faults('pgmajfault', 'hierarchy', 'total_pgmajfault', 'pgmajfault'),
  {
    metric: 'container_threads',
    controller: 'pids',
    version1: { file: 'pids.current' },
    version2: { file: 'pids.current' },
  },
];

/** The kernel counts nothing here without a quota; then there is no series, so that no query divides 0 by 0. */
const THROTTLING: readonly Comparison[] = [
  throttling('periods_total', 'nr_periods'),
  throttling('throttled_periods_total', 'nr_throttled'),
  {
    metric: 'container_cpu_cfs_throttled_seconds_total',
    controller: 'cpu',
    version1: { file: 'cpu.stat', key: 'throttled_time', per: 1e9 },
    version2: { file: 'cpu.stat', key: 'throttled_usec', per: 1e6 },
  },
];

/** Read before and after the scrape: a counter lies between the two, whatever goes on. */
const differences = (
  comparisons: readonly Comparison[],
  kernel: KernelFiles,
  name: string,
  before: readonly (number | undefined)[],
  scrape: Exposition,
): string[] =>
  comparisons.flatMap(({ metric, labels = {}, controller, ...files }, index) => {
    const file = kernel.version(controller) === 1 ? files.version1 : files.version2;
    const after = file && kernel.value(controller, file);
    const values = scrape.values(metric, { name, ...labels });
    const [low = 0, high = 0] = [before[index] ?? 0, after ?? 0].toSorted((a, b) => a - b);
    const [value] = values;
    if (after === undefined)
      return values.length === 0 ? [] : [`${metric} ${values.join()}, but there is no file`];
    if (value !== undefined && value >= low && value <= high) return [];
    return [`${metric} ${JSON.stringify(labels)} ${values.join()}, the kernel ${low} to ${high}`];
  });

t.test('a real Docker daemon', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  const busy = ['sh', '-c', 'while :; do :; done'];
  const writer = ['sh', '-c', 'while :; do dd if=/dev/zero of=/tmp/file bs=4096 count=100; sleep 1; done'];
  const forker = ['sh', '-c', 'sleep 9999 & sleep 9999 & sleep 9999 & wait'];
  const containers: Readonly<Record<string, readonly string[]>> = {
    idle: [IMAGE, 'sleep', '9999'],
    limited: [
      '--memory=7999488',
      '--pids-limit=50',
      '--cpus=0.5',
      '--cpu-shares=512',
      IMAGE,
      'sleep',
      '9999',
    ],
    busy: ['--cpus=0.2', IMAGE, ...busy],
    writer: ['--memory=64m', '--memory-reservation=32m', IMAGE, ...writer],
    forker: [IMAGE, ...forker],
  };
  const names = Object.keys(containers);
  for (const [name, args] of Object.entries(containers)) await docker.run('--name', name, ...args);
  const pids = new Map<string, number>();
  for (const name of names) pids.set(name, (await docker.inspect(name)).State.Pid);
  const kernelOf = (name: string): KernelFiles => new KernelFiles(pids.get(name) ?? 0);
  const daemon = await startTestDaemon([`--docker.host=${docker.host}`, '--poll.max-age=0s']);
  t.teardown(() => daemon.stop());

  for (const name of names)
    t.test(`${name}: every number is the kernel's own`, async t => {
      const kernel = kernelOf(name);
      const hasQuota = containers[name]?.some(word => word.startsWith('--cpus')) === true;
      const comparisons = hasQuota ? [...COMPARISONS, ...THROTTLING] : COMPARISONS;
      let problems: string[] = [];
      // A file that goes up and down may have been anywhere in between.
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const before = comparisons.map(({ controller, version1, version2 }) => {
          const file = kernel.version(controller) === 1 ? version1 : version2;
          return file && kernel.value(controller, file);
        });
        problems = differences(comparisons, kernel, name, before, await daemon.scrape());
        if (problems.length === 0) break;
      }
      t.same(problems, []);
      const throttled = (await daemon.scrape()).values('container_cpu_cfs_periods_total', { name });
      t.equal(throttled.length, Number(hasQuota), 'periods are counted where there is a quota');
    });

  t.test('limits are those that Docker was asked for', async t => {
    const scrape = await daemon.scrape();
    const one = (metric: string, name: string): number[] => scrape.values(`container_${metric}`, { name });
    t.same(one('spec_memory_limit_bytes', 'limited'), [7_999_488]);
    t.same(one('spec_memory_limit_bytes', 'idle'), [0], 'no limit is 0, as in cAdvisor');
    t.same(one('spec_memory_reservation_limit_bytes', 'writer'), [32 * 1024 * 1024]);
    t.same(one('threads_max', 'limited'), [50]);
    t.same(one('threads_max', 'idle'), [0]);
    t.same(one('cpu_limit_cores', 'limited'), [0.5]);
    t.same(one('cpu_limit_cores', 'idle'), []);
    t.same(one('spec_cpu_quota', 'limited'), [50_000]);
    t.same(one('spec_cpu_period', 'limited'), [100_000]);
    t.same(one('spec_cpu_shares', 'limited'), [512]);
    t.same(one('spec_cpu_shares', 'idle'), [1024]);
    const unset = (name: string, resource: string): number =>
      scrape.value('container_limit_unset', { name, resource });
    for (const resource of ['memory', 'cpu', 'pids']) {
      t.equal(unset('idle', resource), 1, resource);
      t.equal(unset('limited', resource), 0, resource);
    }
  });

  t.test('processes are those in the cgroup', async t => {
    const scrape = await daemon.scrape();
    t.equal(scrape.value('container_processes', { name: 'forker' }), 4);
    for (const name of ['idle', 'limited', 'busy', 'forker'])
      t.equal(scrape.value('container_processes', { name }), kernelOf(name).processes('pids'), name);
    const descriptors = execFileSync('sh', ['-c', `ls /proc/${pids.get('idle')}/fd | wc -l`]);
    t.equal(scrape.value('container_file_descriptors', { name: 'idle' }), Number(descriptors));
    t.equal(scrape.value('container_tasks_state', { name: 'forker', state: 'sleeping' }), 4);
  });

  t.test('the working set of idle containers is that of docker stats, to the page', async t => {
    for (const name of ['idle', 'limited', 'forker']) {
      const { Id: id } = await docker.inspect(name);
      const { body } = await getJson(docker.socketPath, `/containers/${id}/stats?stream=false&one-shot=true`);
      const { memory_stats: stats, pids_stats: tasks } = body as DockerStats;
      const inactive = stats.stats['total_inactive_file'] ?? stats.stats['inactive_file'] ?? NaN;
      const scrape = await daemon.scrape();
      t.equal(
        scrape.value('container_memory_working_set_bytes', { id: `/docker/${id}` }),
        stats.usage - inactive,
      );
      t.equal(scrape.value('container_threads', { name }), tasks.current);
    }
  });

  t.test('docker stats shows the same to people', async t => {
    const format = '{{.Name}}|{{.MemUsage}}|{{.PIDs}}';
    const rows = (await docker.cli('stats', '--no-stream', '--format', format)).split('\n');
    const scrape = await daemon.scrape();
    for (const row of rows) {
      const [name = '', memoryUsage = '', tasks = ''] = row.split('|');
      t.equal(scrape.value('container_threads', { name }) - Number(tasks), 0, row);
      if (name === 'limited') t.match(memoryUsage, / \/ 7\.629MiB$/);
      if (name !== 'idle') continue;
      const workingSet = scrape.value('container_memory_working_set_bytes', { name });
      t.equal(memoryUsage.split(' / ')[0], humanSize(workingSet), row);
    }
  });

  t.test('CPU time lies between two readings of docker stats', async t => {
    const { Id: id } = await docker.inspect('busy');
    const usage = async (): Promise<number> => {
      const { body } = await getJson(docker.socketPath, `/containers/${id}/stats?stream=false&one-shot=true`);
      return (body as DockerStats).cpu_stats.cpu_usage.total_usage / 1e9;
    };
    const before = await usage();
    const value = (await daemon.scrape()).value('container_cpu_usage_seconds_total', { name: 'busy' });
    const after = await usage();
    t.ok(before <= value && value <= after && before < after, `${before} <= ${value} <= ${after}`);
  });
});

interface DockerStats {
  readonly memory_stats: { readonly usage: number; readonly stats: Readonly<Record<string, number>> };
  readonly pids_stats: { readonly current: number };
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
}

/** As Docker's units.BytesSize writes it: four significant digits. */
function humanSize(bytes: number): string {
  const exponent = Math.floor(Math.log2(Math.max(bytes, 1)) / 10);
  const value = Number((bytes / 1024 ** exponent).toPrecision(4));
  return `${value}${['B', 'KiB', 'MiB', 'GiB'][exponent]}`;
}
