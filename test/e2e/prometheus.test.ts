import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { CONTAINER_METRICS } from '../../src/metrics/table.js';
import { startTestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import { KernelFiles } from '../support/kernel-files.js';
import { until } from '../support/process.js';
import { startPrometheus } from '../support/prometheus.js';
import { skipWithout } from '../support/skip-reason.js';

t.setTimeout(400_000);
const SCRAPE_SECONDS = 2;
/** Long enough that a second of jitter at either end is within the tolerance. */
const WINDOW_SECONDS = 45;
const BUSY = [IMAGE, 'sh', '-c', 'while :; do :; done'] as const;
const FORMATS = { openmetrics: 'application/openmetrics-text', text: 'text/plain' };

/** Passes scrapes on with another Accept header, as an older Prometheus would send it. */
async function startProxy(
  t: Test,
  target: string,
  accept: string | undefined,
): Promise<{ address: string; types: Set<string> }> {
  const types = new Set<string>();
  const server = createServer((request, response) => {
    const headers = { accept: accept ?? request.headers.accept ?? '' };
    const passOn = async (): Promise<void> => {
      const answer = await fetch(target + request.url, { headers });
      const type = answer.headers.get('content-type') ?? '';
      types.add(type);
      response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
    };
    passOn().catch(() => response.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, types };
}

t.test('a real Prometheus', { skip: skipReason() || skipWithout('prometheus') }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  const quotas: Readonly<Record<string, number>> = { half: 0.5, quarter: 0.25 };
  // Most of what others leave them: a quota can be used up on a machine that does much else, too.
  for (const [name, cpus] of Object.entries(quotas))
    await docker.run('--name', name, `--cpus=${cpus}`, '--cpu-shares=262144', ...BUSY);
  await docker.run('--name', 'short', IMAGE, 'sleep', '9999');
  const health = ['--health-cmd=true', '--health-interval=1s'];
  const limits = ['--memory=64m', '--pids-limit=50', '--cap-add=NET_ADMIN', '--restart=no'];
  const mounts = [`--volume=${docker.socketPath}:/var/run/docker.sock:ro`];
  const writer = 'dd if=/dev/zero of=/tmp/file bs=1M count=8 conv=fsync; sleep 9999';
  await docker.run('--name', 'rich', ...health, ...limits, ...mounts, IMAGE, 'sh', '-c', writer);
  await docker.run('--name', 'done', IMAGE, 'true');
  const daemon = await startTestDaemon([`--docker.host=${docker.host}`]);
  t.teardown(() => daemon.stop());
  const proxies = {
    openmetrics: await startProxy(t, daemon.url, undefined),
    text: await startProxy(t, daemon.url, 'text/plain;version=0.0.4'),
  };
  const prometheus = await startPrometheus(
    t,
    { openmetrics: proxies.openmetrics.address, text: proxies.text.address },
    SCRAPE_SECONDS,
  );
  const number = async (expression: string, atSeconds?: number): Promise<number> => {
    const [series, ...others] = await prometheus.query(expression, atSeconds);
    if (series === undefined || others.length > 0)
      throw new Error(`${others.length} series more: ${expression}`);
    return Number(series.value[1]);
  };
  await until('both are scraped', async () => (await number('sum(up)')) === 2);

  t.test('both formats are negotiated, and every sample is taken', async t => {
    for (const [job, type] of Object.entries(FORMATS)) {
      const { types } = proxies[job as keyof typeof FORMATS];
      t.equal(types.size, 1);
      t.ok([...types][0]?.startsWith(type), [...types].join());
      const own = 'up|scrape_.+';
      await until(
        'a whole scrape is stored',
        async () => (await number(`scrape_samples_scraped{job="${job}"}`)) > 300,
      );
      t.same(
        await prometheus.query(
          `count({job="${job}",__name__!~"${own}"}) != on() scrape_samples_scraped{job="${job}"}`,
        ),
        [],
        'each series once',
      );
      t.equal(await number(`up{job="${job}"}`), 1);
    }
    t.notMatch(prometheus.log(), /duplicate|out.of.order|out of bounds|append failed/i);
  });

  t.test('types and units are those of the metric table', async t => {
    const metadataOf = async (job: string): Promise<Map<string, Metadata>> => {
      const target = encodeURIComponent(`{job="${job}"}`);
      const rows = (await prometheus.api(`targets/metadata?match_target=${target}`)) as Metadata[];
      return new Map(rows.map(row => [row.metric, row]));
    };
    const familyOf = (name: string, type: string): string =>
      type === 'info' ? name.replace(/_info$/, '') : type === 'gauge' ? name : name.replace(/_total$/, '');
    let text = new Map<string, Metadata>();
    let openmetrics = text;
    // A metric that first appears between the scrapes of the two is known to one of them only, for a while.
    await until('both know the same metrics', async () => {
      text = await metadataOf('text');
      openmetrics = await metadataOf('openmetrics');
      return CONTAINER_METRICS.every(
        ({ name, type }) => text.has(name) === openmetrics.has(familyOf(name, type)),
      );
    });
    let compared = 0;
    for (const { name, type, help } of CONTAINER_METRICS) {
      const row = text.get(name);
      if (row === undefined) continue;
      compared += 1;
      t.match(row, { type: type === 'info' ? 'gauge' : type, help, unit: '' }, name);
      const family = familyOf(name, type);
      const unit = /_(seconds|bytes|cores)$/.exec(family)?.[1] ?? '';
      // A counter has to end in _total there; cAdvisor has one that does not.
      const openType = name === 'container_memory_failcnt' ? 'unknown' : type;
      t.match(openmetrics.get(family), { type: openType, help, unit }, family);
    }
    t.ok(compared > 50, `${compared} metrics`);
  });

  t.test('every metric that a container on this host can have is stored', async t => {
    const kernel = new KernelFiles((await docker.inspect('rich')).State.Pid);
    const lacking = [
      ...(kernel.version('memory') === 1 ? [/^container_memory_(events_|pgscan|pgsteal)/] : []),
      ...(existsSync('/proc/pressure/cpu') ? [] : [/^container_pressure_/]),
      ...(existsSync('/sys/kernel/security/apparmor/profiles') ? [] : [/^container_apparmor_/]),
      ...(existsSync('/sys/fs/selinux/enforce') ? [] : [/^container_selinux_/]),
      // Some block devices, such as those of a few virtual machines, are counted for no cgroup at all.
      ...(kernel.countsBlockDevices() ? [] : [/^container_fs_(reads|writes)_/, /^container_blkio_/]),
      // Whoever may read all has nothing to say of the first, and a container that nobody touches nothing of the second.
      /^container_posture_(unverified|last_change_timestamp_seconds)$/,
      // With --network none there is no interface but loopback, which is not counted.
      /^container_network_/,
    ];
    const expected = CONTAINER_METRICS.filter(({ group }) => group !== 'disk')
      .map(({ name }) => name)
      .filter(name => !lacking.some(pattern => pattern.test(name)));
    let missing: string[] = expected;
    await until('all are there', async () => {
      const names = new Set((await prometheus.api('label/__name__/values')) as string[]);
      missing = expected.filter(name => !names.has(name));
      return missing.length === 0;
    }).catch(() => undefined);
    t.same(missing, []);
  });

  t.test('queries of well-known dashboards for cAdvisor', async t => {
    const selector = 'job="openmetrics",name=~"half",name=~".+"';
    for (const expression of [
      // 193, Docker monitoring
      'count(container_last_seen{image!="",job="openmetrics"})',
      'sum(container_memory_usage_bytes{image!=""}) by (name)',
      'sum(rate(container_cpu_user_seconds_total{image!=""}[1m])) by (name) * 100',
      '(time() - container_last_seen{image!=""}) < 60',
      // 14282, Cadvisor exporter
      `sum(rate(container_cpu_usage_seconds_total{${selector}}[1m])) by (name) * 100`,
      `sum(container_memory_rss{${selector}}) by (name)`,
      `sum(container_memory_cache{${selector}}) by (name)`,
      `time() - container_start_time_seconds{${selector}}`,
      // Share of a limit, and throttling
      'container_memory_working_set_bytes{name="rich"} / container_spec_memory_limit_bytes{name="rich"} < 1',
      'rate(container_cpu_cfs_throttled_periods_total{name="half"}[1m]) / rate(container_cpu_cfs_periods_total{name="half"}[1m])',
      'sum(rate(container_cpu_usage_seconds_total{name!=""}[1m])) / sum(machine_cpu_cores)',
      'container_memory_working_set_bytes{id="/"} / on(instance) machine_memory_bytes',
      // Identity by join
      'container_memory_rss * on(id, instance) group_left(container_id) container_info',
    ])
      await t.resolves(
        until(expression, async () => (await prometheus.query(expression)).length > 0),
        expression,
      );
  });

  t.test(
    'the rate of CPU time is the quota of a container that uses it up, and what the kernel says',
    async t => {
      const kernels = new Map<string, KernelFiles>();
      for (const name of Object.keys(quotas))
        kernels.set(name, new KernelFiles((await docker.inspect(name)).State.Pid));
      const used = (): Map<string, number> =>
        new Map([...kernels].map(([name, kernel]) => [name, cpuSeconds(kernel)]));
      const begin = { seconds: Date.now() / 1000, used: used() };
      await delay(WINDOW_SECONDS * 1000);
      const end = { seconds: Date.now() / 1000, used: used() };
      for (const [name, quota] of Object.entries(quotas)) {
        const share =
          ((end.used.get(name) ?? NaN) - (begin.used.get(name) ?? NaN)) / (end.seconds - begin.seconds);
        const expression = `sum(rate(container_cpu_usage_seconds_total{name="${name}",job="openmetrics"}[${WINDOW_SECONDS}s])) by (name)`;
        const rate = await number(expression, end.seconds);
        t.ok(Math.abs(rate - share) <= 0.04 * share, `${name}: ${rate} cores, the kernel ${share}`);
        if (share < quota * 0.99) t.comment(`${name} was given ${share} of its ${quota} cores`);
        else t.ok(Math.abs(rate - quota) <= 0.04 * quota, `${name}: ${rate} of ${quota} cores`);
      }
    },
  );

  t.test('the series of a removed container end with it', async t => {
    const expression = 'container_memory_usage_bytes{name="short"}';
    await until('it is there', async () => (await prometheus.query(expression)).length === 2);
    await docker.cli('rm', '--force', 'short');
    // Without staleness they would be there for five minutes more.
    await until('they have ended', async () => (await prometheus.query(expression)).length === 0);
    t.ok((await prometheus.query('container_memory_usage_bytes{name="half"}')).length > 0);
  });
});

interface Metadata {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

function cpuSeconds(kernel: KernelFiles): number {
  const value =
    kernel.version('cpuacct') === 1
      ? kernel.value('cpuacct', { file: 'cpuacct.usage', per: 1e9 })
      : kernel.value('cpu', { file: 'cpu.stat', key: 'usage_usec', per: 1e6 });
  return value ?? NaN;
}
