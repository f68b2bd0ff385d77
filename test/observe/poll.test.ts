import { pino } from 'pino';
import t from 'tap';
import type { Container } from '../../src/discover/container.js';
import { createSelfRegistry } from '../../src/metrics/registry.js';
import { PollRecorder } from '../../src/observe/poll.js';
import { CollectorTimings } from '../../src/poll/collector-timings.js';
import { NO_HOST_CONFINEMENT } from '../../src/poll/confinement/host-confinement.js';
import type { HostFacts } from '../../src/poll/host.js';
import { parseExposition } from '../support/exposition.js';
import type { Exposition } from '../support/exposition.js';

const DB = { id: 'd'.repeat(64), name: 'db' } as Container;

t.test('a file that this kernel does not have is no failure', async t => {
  const { recorder, poll } = setUp();
  recorder.readFailed('memory', 'memory.peak', 'missing', '/cgroup/memory.peak');
  recorder.readFailed('confinement', 'attr/current', 'unsupported', '/proc/1/attr/current');
  const scrape = await poll();
  t.same(scrape.values('confined_read_errors_total'), []);
  t.equal(scrape.value('confined_collector_success', { collector: 'memory' }), 1);
});

t.test('a container that ends while it is read is counted, and nothing is said', async t => {
  const { recorder, poll, lines } = setUp();
  recorder.readFailed('cpu', 'cpu.stat', 'gone', '/cgroup/cpu.stat');
  const scrape = await poll();
  t.equal(scrape.value('confined_read_errors_total', { file: 'cpu.stat', reason: 'gone' }), 1);
  t.equal(scrape.value('confined_collector_success', { collector: 'cpu' }), 1);
  t.same(lines, []);
});

t.test('a forbidden file fails its collector alone, and is logged once with the way out', async t => {
  const { recorder, poll, lines } = setUp();
  for (const _ of [1, 2, 3]) {
    recorder.readFailed('confinement', 'status', 'forbidden', '/proc/7/status');
    await poll();
  }
  const scrape = await poll();
  t.equal(scrape.value('confined_read_errors_total', { file: 'status', reason: 'forbidden' }), 3);
  t.equal(lines.length, 1);
  t.match(lines[0], { msg: /run with more rights/, file: 'status', path: '/proc/7/status' });
  t.equal(scrape.value('confined_collector_success', { collector: 'confinement' }), 1, 'a good poll ends it');
});

t.test('a running container that is nowhere to be found makes every collector fail', async t => {
  const { recorder, poll, lines } = setUp();
  recorder.cgroupNotFound(DB);
  const first = await poll();
  t.same(new Set(first.values('confined_collector_success')), new Set([0]));
  t.same(lines, [], 'it may just have ended');
  recorder.cgroupNotFound(DB);
  await poll();
  t.match(lines, [{ level: 40, msg: /--path\.cgroupfs/, container: 'db' }]);
});

t.test('a first process that is elsewhere fails what is read from it', async t => {
  const { recorder, poll } = setUp();
  recorder.processNotFound(DB);
  const scrape = await poll();
  t.equal(scrape.value('confined_collector_success', { collector: 'confinement' }), 0);
  t.equal(scrape.value('confined_collector_success', { collector: 'network' }), 0);
  t.equal(scrape.value('confined_collector_success', { collector: 'cpu' }), 1);
});

t.test('a collector that is switched off says nothing of itself', async t => {
  const { poll } = setUp(['cpu']);
  const scrape = await poll();
  t.same(
    scrape.series.filter(({ name }) => name === 'confined_collector_success').map(({ labels }) => labels),
    [{ collector: 'cpu' }],
  );
});

const hostThat = (mayTrace: boolean): HostFacts => ({
  mounts: [],
  hierarchies: [],
  cpuCores: undefined,
  memoryBytes: undefined,
  bootedAtSeconds: undefined,
  confinement: { ...NO_HOST_CONFINEMENT, mayTrace },
});

t.test('the log says once with which rights it runs, and when that changes', async t => {
  const { recorder, lines } = setUp();
  for (const mayTrace of [false, false, true, true]) recorder.hostRead(hostThat(mayTrace));
  t.match(lines, [
    { level: 40, msg: /count as unverified.*add CAP_SYS_PTRACE/ },
    { level: 30, msg: /CAP_SYS_PTRACE/ },
  ]);
  t.equal(lines.length, 2);
  const { recorder: other, lines: none } = setUp(['cpu']);
  other.hostRead(hostThat(false));
  t.same(none, [], 'who does not ask for confinement needs no rights for it');
});

t.test('what could not be verified is in the log, with the reason', async t => {
  const { recorder, lines } = setUp();
  recorder.unverified(DB, new Map([['namespaces', 'ns: forbidden']]));
  t.match(lines, [{ level: 20, container: 'db', reasons: { namespaces: 'ns: forbidden' } }]);
});

function setUp(collectors = ['cpu', 'memory', 'network', 'confinement']): {
  recorder: PollRecorder;
  lines: unknown[];
  poll: () => Promise<Exposition>;
} {
  const lines: unknown[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const registry = createSelfRegistry({ defaultMetrics: false });
  const recorder = new PollRecorder(registry, new Set(collectors), logger);
  return {
    recorder,
    lines,
    async poll() {
      recorder.polled(0.01, new CollectorTimings(() => 0), { takenAtSeconds: 1, containers: [] });
      return parseExposition(await registry.render('text'));
    },
  };
}
