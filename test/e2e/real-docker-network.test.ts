import { execFileSync } from 'node:child_process';
import t from 'tap';
import { startTestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';

t.setTimeout(300_000);
const METRICS = [
  'receive_bytes',
  'receive_packets',
  'receive_errors',
  'receive_packets_dropped',
  'transmit_bytes',
  'transmit_packets',
  'transmit_errors',
  'transmit_packets_dropped',
];
const COLUMNS = [0, 1, 2, 3, 8, 9, 10, 11];
const SLEEP = [IMAGE, 'sleep', '9999'] as const;

t.test('a real Docker daemon', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  await docker.run('--name', 'owner', ...SLEEP);
  await docker.cli('run', '--detach', '--name', 'guest', '--network=container:owner', ...SLEEP);
  await docker.cli('run', '--detach', '--name', 'host', '--network=host', ...SLEEP);
  await docker.run('--name', 'alone', ...SLEEP);
  for (const name of ['owner', 'alone']) await addInterface(name);
  const daemon = await startTestDaemon([`--docker.host=${docker.host}`, '--poll.max-age=0s']);
  t.teardown(() => daemon.stop());

  /** The two ends of a cable, and somebody who asks for a neighbour that is not there. */
  async function addInterface(name: string): Promise<void> {
    const { Pid } = (await docker.inspect(name)).State;
    const script = `ip link add eth0 type veth peer name eth1 && ip link set eth1 up && ip link set eth0 up &&
      ip address add 10.99.0.1/24 dev eth0 && { busybox nc -w 2 10.99.0.9 9 || true; }`;
    execFileSync('nsenter', ['--target', `${Pid}`, '--net', 'sh', '-c', script], { stdio: 'ignore' });
  }

  /** The kernel's counters by the names of the metrics (proc_pid_net(5), net/dev). */
  async function counters(name: string, device: string): Promise<Record<string, number>> {
    const { Pid } = (await docker.inspect(name)).State;
    const script = `grep -w ${device}: /proc/${Pid}/net/dev | sed 's/.*://'`;
    const fields = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
    return Object.fromEntries(METRICS.map((metric, index) => [metric, fields[COLUMNS[index] ?? 0] ?? NaN]));
  }

  t.test('the counters are those of the kernel', async t => {
    for (const device of ['eth0', 'eth1']) {
      const before = await counters('owner', device);
      const scrape = await daemon.scrape();
      const after = await counters('owner', device);
      for (const metric of METRICS) {
        const labels = { name: 'owner', interface: device };
        const value = scrape.value(`container_network_${metric}_total`, labels);
        const [low = NaN, high = NaN] = [before[metric], after[metric]];
        t.ok(low <= value && value <= high, `${device} ${metric}: ${low} <= ${value} <= ${high}`);
      }
      t.ok((before['receive_bytes'] ?? 0) + (before['transmit_bytes'] ?? 0) > 0, 'there was traffic');
    }
  });

  t.test('a shared network is counted once, at its owner; the host’s is nobody’s', async t => {
    const { series } = await daemon.scrape();
    const names = series
      .filter(({ name }) => name === 'container_network_receive_bytes_total')
      .filter(({ labels }) => labels['id'] !== '/')
      .map(({ labels }) => labels['name'] ?? '');
    t.same([...new Set(names)].toSorted(), ['alone', 'owner']);
  });

  t.test('what a container was joined to shows', async t => {
    const scrape = await daemon.scrape();
    const mode = (name: string): string | undefined =>
      scrape.series.find(one => one.name === 'container_info' && one.labels['name'] === name)?.labels[
        'network_mode'
      ];
    t.equal(mode('host'), 'host');
    t.equal(mode('alone'), 'none');
    t.equal(mode('guest'), `container:${(await docker.inspect('owner')).Id}`);
  });
});
