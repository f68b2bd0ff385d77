import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { complaints, MutilatedHost, processDirectories, scrapeOf } from '../support/mutilated-host.js';
import { buildProgram } from '../support/process.js';

t.setTimeout(400_000);
const program = buildProgram(t);
const HOST = 'v2-systemd-apparmor';
const WEB = { name: 'web' };
const INIT = { name: 'web', scope: 'init' };

t.test('a whole host gives no reason to complain', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const running = await damaged.start(t, program);
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('', scrape), []);
  t.same(complaints(running), []);
  t.same([...new Set(scrape.values('confined_collector_success'))], [1]);
});

t.test('fault 24: the first process is gone before it is read', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  damaged.remove(damaged.process('web'));
  const running = await damaged.start(t, program);
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('web', scrape), []);
  t.same(scrape.values('container_seccomp_mode', INIT), [], 'what it said is absent');
  t.equal(scrape.value('container_memory_usage_bytes', WEB) > 0, true, 'its cgroup is there');
  t.match(complaints(running), [{ container: 'web', msg: /first process .* is not found/ }], 'once');
});

t.test('fault 28: a first process that has ended and was not waited for', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const web = damaged.process('web');
  damaged.edit(join(web, 'status'), text =>
    text.replace(/^State:.*$/m, 'State:\tZ (zombie)').replace(/^Vm.*\n/gm, ''),
  );
  for (const name of ['fd', 'ns']) damaged.remove(join(web, name));
  const running = await damaged.start(t, program);
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('web', scrape), []);
  t.same(scrape.values('container_seccomp_mode', WEB), [], 'with its first process a container has ended');
  t.same(scrape.values('container_posture_unverified', WEB), []);
  t.equal(scrape.value('container_threads', WEB) > 0, true);
  t.same(complaints(running), []);
});

t.test(
  'fault 29: a status of another kernel: lines that lack, lines and capabilities that nobody knows',
  async t => {
    const damaged = await MutilatedHost.open(t, HOST);
    damaged.edit(join(damaged.process('web'), 'status'), text =>
      text
        .replace(/^(Seccomp|Seccomp_filters|NoNewPrivs|CapAmb):.*\n/gm, '')
        .replace(
          /^CapEff:.*$/m,
          'CapEff:\t00000600a80425fb\nCapNew:\t00000000000000ff\nx86_Thread_features:\tshstk',
        ),
    );
    const running = await damaged.start(t, program);
    const scrape = await scrapeOf(running);
    t.same(damaged.changesBeside('web', scrape), []);
    for (const metric of ['seccomp_mode', 'seccomp_filters', 'no_new_privileges'])
      t.same(scrape.values(`container_${metric}`, INIT), [], `${metric} is absent, not 0`);
    t.same(scrape.values('container_capabilities', { ...INIT, set: 'ambient' }), []);
    t.equal(scrape.value('container_capabilities', { ...INIT, set: 'effective' }), 16);
    const extra = scrape.series.filter(
      ({ name, labels }) =>
        name === 'container_capability_extra' &&
        labels['name'] === 'web' &&
        labels['set'] === 'effective' &&
        labels['scope'] === 'init',
    );
    t.same(
      extra.map(({ labels }) => labels['capability']),
      ['CAP_41', 'CAP_42'],
    );
    t.same(complaints(running), []);
  },
);

t.test('fault 30: a security module that says other things than usual', async t => {
  const cases: readonly [string, number[]][] = [
    ['docker-default (enforce)\n', [1]],
    ['docker-default (complain)\n', [0]],
    ['unconfined\n', [0]],
    ['', []],
  ];
  for (const [text, expected] of cases) {
    const damaged = await MutilatedHost.open(t, HOST);
    const attributes = join(damaged.process('web'), 'attr');
    for (const name of ['current', 'apparmor/current']) damaged.write(join(attributes, name), text);
    const running = await damaged.start(t, program);
    const scrape = await scrapeOf(running);
    t.same(scrape.values('container_apparmor_confined', INIT), expected, JSON.stringify(text));
    t.same(damaged.changesBeside('web', scrape), []);
  }
});

t.test('fault 31: namespaces that may not be read do not count as the host’s', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  for (const directory of processDirectories(damaged.host.procfs))
    if (directory !== join(damaged.host.procfs, '1')) damaged.remove(join(directory, 'ns'));
  const running = await damaged.start(t, program);
  const scrape = await scrapeOf(running);
  const others = damaged
    .changesBeside('', scrape)
    .filter(line => !/ container_(namespace|posture)_/.test(line));
  t.same(others, [], 'networks are counted as their configuration says');
  t.same(scrape.values('container_namespace_host_shared'), []);
  t.same(scrape.values('container_posture_unverified', { ...WEB, control: 'namespaces' }), [1]);
});

t.test('fault 32: hidepid=2 hides the processes of others', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  for (const directory of processDirectories(damaged.host.procfs)) damaged.remove(directory);
  const running = await damaged.start(t, program);
  const scrape = await scrapeOf(running);
  t.same(scrape.values('container_seccomp_mode'), []);
  t.same(
    damaged.lost('web', scrape).filter(name => /_(cpu|memory|fs|blkio|threads|spec)_/.test(name)),
    [],
    'cgroups need no processes',
  );
  t.equal(scrape.value('container_processes', WEB) > 0, true);
});

const notRoot = process.getuid?.() !== 0 && 'only root can become another user';
t.test('fault 31: files of another user, read without the right to', { skip: notRoot }, async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  damaged.letOthersIn();
  for (const name of ['status', 'net/dev']) chmodSync(join(damaged.process('web'), name), 0o600);
  chmodSync(join(damaged.cgroup('web'), 'memory.stat'), 0o600);
  const wrapper = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const running = await damaged.start(t, program, [], { wrapper });
  await scrapeOf(running);
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('web', scrape), []);
  t.same(scrape.values('container_seccomp_mode', INIT), []);
  t.same(scrape.values('container_memory_rss', WEB), []);
  t.equal(scrape.value('container_memory_usage_bytes', WEB) > 0, true);
  for (const file of ['status', 'net/dev', 'memory.stat'])
    t.ok(scrape.value('confined_read_errors_total', { file, reason: 'forbidden' }) >= 1, file);
  t.equal(scrape.value('confined_collector_success', { collector: 'memory' }), 0);
  t.equal(scrape.value('confined_collector_success', { collector: 'cpu' }), 1);
  t.same(
    complaints(running)
      .map(({ file, reason }) => `${String(file)} ${String(reason)}`)
      .toSorted(),
    ['memory.stat forbidden', 'net/dev forbidden', 'status forbidden'],
    'each once',
  );
});

t.test('fault 34: a cgroup that is removed between two reads', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const running = await damaged.start(t, program, [
    '--read.held-files=0',
    '--poll.interval=1s',
    '--poll.slow-interval=1s',
  ]);
  damaged.remove(damaged.cgroup('web'));
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('web', scrape), []);
  t.same(scrape.values('container_memory_usage_bytes', WEB), []);
  t.equal(scrape.value('container_state', { ...WEB, state: 'running' }), 1, 'as Docker still says');
  t.same(complaints(running), []);
});

t.test('fault 35: controllers that this host does not have', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const web = damaged.cgroup('web');
  for (const name of readdirSync(web))
    if (/^memory\.|^cpu\.max|^io\.|pressure$/.test(name)) damaged.remove(join(web, name));
  const running = await damaged.start(t, program);
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('web', scrape), []);
  t.same(scrape.values('container_memory_usage_bytes', WEB), [], 'absent, not 0');
  t.same(scrape.values('container_spec_memory_limit_bytes', WEB), [], 'not unlimited either');
  t.same(scrape.values('container_limit_unset', { ...WEB, resource: 'memory' }), []);
  t.same(scrape.values('container_limit_unset', { ...WEB, resource: 'cpu' }), []);
  t.ok(scrape.value('container_cpu_usage_seconds_total', { ...WEB, cpu: 'total' }) > 0);
  t.same(complaints(running), [], 'what a kernel does not have is no fault');
});

t.test('fault 36: values that no kernel should say', async t => {
  const damaged = await MutilatedHost.open(t, HOST);
  const web = damaged.cgroup('web');
  const files: readonly [string, string][] = [
    ['memory.max', 'max\n'],
    ['memory.current', '18446744073709551615\n'],
    ['memory.peak', 'many\n'],
    ['pids.current', ''],
    ['memory.low', '-1\n'],
    ['cpu.max', '0 0\n'],
    ['memory.stat', 'anon one\nfile 2\n'],
    ['cpu.stat', 'usage_usec'],
    ['io.stat', '254:0 rbytes=abc\n'],
    ['cgroup.procs', 'init\n'],
  ];
  for (const [file, text] of files) damaged.write(join(web, file), text);
  damaged.write(join(damaged.process('web'), 'status'), '\0\0\0');
  damaged.write(join(damaged.process('web'), 'net/dev'), 'Inter-|\n face |\neth0: 1 2\n');
  const running = await damaged.start(t, program);
  await scrapeOf(running);
  const scrape = await scrapeOf(running);
  t.same(damaged.changesBeside('web', scrape), []);
  t.equal(scrape.value('container_spec_memory_limit_bytes', WEB), 0);
  t.equal(scrape.value('container_memory_usage_bytes', WEB), 2 ** 64);
  for (const metric of [
    'memory_max_usage_bytes',
    'threads',
    'processes',
    'memory_rss',
    'memory_cache',
    'cpu_limit_cores',
  ])
    t.same(scrape.values(`container_${metric}`, WEB), [], `${metric} is absent`);
  t.same(
    scrape.series
      .filter(({ value }) => !Number.isFinite(value) && !Number.isNaN(value))
      .filter(({ labels }) => labels['le'] === undefined),
    [],
    'nothing is infinite',
  );
  for (const file of ['memory.peak', 'memory.stat', 'cpu.stat', 'io.stat', 'cgroup.procs', 'pids.current'])
    t.ok(scrape.value('confined_parse_errors_total', { file }) >= 1, file);
  const toldOf = complaints(running).map(({ file }) => file);
  t.equal(new Set(toldOf).size, toldOf.length, `each file is told of once: ${toldOf.join()}`);
  t.equal(scrape.value('confined_collector_success', { collector: 'memory' }), 0);
});
