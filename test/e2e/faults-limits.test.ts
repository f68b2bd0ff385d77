import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { containerCgroups, manifoldId, multiplyContainers } from '../support/many-containers.js';
import { complaints, MutilatedHost, scrapeOf } from '../support/mutilated-host.js';
import { buildProgram, until, type RunningProgram, type StartOptions } from '../support/process.js';
import type { RecordedHost } from '../support/recorded-host.js';

t.setTimeout(400_000);
const program = buildProgram(t);
const HOST = 'v2-systemd-apparmor';

/** A daemon that finds containers in the cgroup tree, and reads at each scrape. */
async function startInTree(t: Test, host: RecordedHost, options: StartOptions = {}): Promise<RunningProgram> {
  const paths = [`--path.procfs=${host.procfs}`, `--path.cgroupfs=${host.cgroupfs}`];
  const running = await program.start(t, ['--discovery=cgroup', '--poll.max-age=0s', ...paths], options);
  await running.ready();
  return running;
}

t.test('fault 41: a thousand short containers leave nothing behind', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const running = await startInTree(t, damaged.host);
  const cgroup = dirname(containerCgroups(damaged.host)[0] ?? '');
  const round = async (from: number): Promise<void> => {
    const directories = Array.from({ length: 50 }, (_, index) =>
      join(cgroup, `docker-${manifoldId(from + index)}.scope`),
    );
    for (const directory of directories) {
      mkdirSync(directory);
      writeFileSync(join(directory, 'memory.current'), '4096\n');
      writeFileSync(join(directory, 'cgroup.procs'), '');
    }
    const during = await scrapeOf(running);
    t.equal(during.values('container_memory_usage_bytes', { name: manifoldId(from).slice(0, 12) }).length, 1);
    for (const directory of directories) rmSync(directory, { recursive: true });
  };
  const before = await scrapeOf(running);
  await round(0);
  await scrapeOf(running);
  const descriptors = running.descriptors();
  for (let index = 1; index < 20; index += 1) await round(index * 50);
  const after = await scrapeOf(running);
  t.equal(
    after.series.filter(({ name }) => name.startsWith('container_')).length,
    before.series.filter(({ name }) => name.startsWith('container_')).length,
  );
  t.notMatch(after.text, /c{56}/);
  t.ok(running.descriptors() <= descriptors + 4, `${descriptors} descriptors, then ${running.descriptors()}`);
  t.equal(
    after.value('confined_file_descriptors_held'),
    before.value('confined_file_descriptors_held'),
    'no kernel file is held for what is gone',
  );
});

t.test('fault 56: few file descriptors, a part of which is left for connections', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const wrapper = ['sh', '-c', 'ulimit -n 128; exec "$@"', 'sh'];
  const running = await damaged.start(t, program, [], { wrapper });
  for (let index = 0; index < 5; index += 1) {
    const scrape = await scrapeOf(running);
    t.same(damaged.changesBeside('', scrape), [], 'everything is read all the same');
  }
  t.match(running.logged(/limit of open files/), [{ level: 'info', held: 64, wanted: 32768 }]);
});

t.test('fault 57: a stall shows in the daemon’s own metrics', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const running = await damaged.start(t, program);
  // The loop is timed once a second, from one tick to the next.
  await delay(2500);
  t.ok((await scrapeOf(running)).value('nodejs_eventloop_lag_max_seconds') < 1, 'no stall yet');
  await delay(1500);
  running.signal('SIGSTOP');
  await delay(3000);
  running.signal('SIGCONT');
  await delay(1500);
  t.ok((await scrapeOf(running)).value('nodejs_eventloop_lag_max_seconds') > 1.5);
});

t.test('fault 60: a thousand containers in a heap of 64 MB', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  multiplyContainers(damaged.host, 1000);
  const nodeArguments = ['--max-old-space-size=64'];
  const running = await startInTree(t, damaged.host, { nodeArguments });
  for (let index = 0; index < 5; index += 1) {
    const scrape = await scrapeOf(running);
    t.ok(scrape.values('container_memory_usage_bytes').length > 1000);
  }
  t.notOk(running.hasEnded);
  t.same(complaints(running), []);
});

t.test('fault 61: more series than --metrics.max-series', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const running = await damaged.start(t, program, ['--metrics.max-series=100']);
  let scrape = await scrapeOf(running);
  const containerSeries = (): number =>
    scrape.series.filter(({ name }) => name.startsWith('container_')).length;
  t.equal(containerSeries(), 100);
  t.equal(scrape.value('confined_series'), 100);
  const dropped = scrape.value('confined_series_dropped_total');
  t.ok(dropped > 500);
  await until('the next scrape drops again', async () => {
    scrape = await scrapeOf(running);
    return scrape.value('confined_series_dropped_total') > dropped;
  });
  t.equal(containerSeries(), 100);
  t.ok(scrape.value('machine_memory_bytes') > 0, 'the daemon tells of itself all the same');
});
