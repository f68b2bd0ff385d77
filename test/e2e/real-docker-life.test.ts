import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startTestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import type { Exposition } from '../support/exposition.js';
import { KernelFiles } from '../support/kernel-files.js';
import { until } from '../support/process.js';

t.setTimeout(600_000);

const OF_THE_LAST_EXIT = new Set([
  'container_finished_time_seconds',
  'container_exit_code',
  'container_oom_killed',
]);

t.test('a real Docker daemon', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  // Lists are far apart: what is seen sooner was told by an event or by the kernel.
  const daemon = await startTestDaemon([
    `--docker.host=${docker.host}`,
    '--poll.max-age=0s',
    '--docker.reconcile-interval=1h',
    '--container.label=*',
  ]);
  t.teardown(() => daemon.stop());

  /** The first scrape in which it holds. */
  async function scrapeWhen(what: string, holds: (scrape: Exposition) => boolean): Promise<Exposition> {
    let scrape = await daemon.scrape();
    await until(what, async () => holds((scrape = await daemon.scrape())));
    return scrape;
  }
  const stateOf = (scrape: Exposition, name: string): string[] =>
    scrape.series
      .filter(one => one.name === 'container_state' && one.labels['name'] === name && one.value === 1)
      .map(({ labels }) => labels['state'] ?? '');
  const known = (scrape: Exposition, name: string): boolean =>
    scrape.series.some(({ labels }) => labels['name'] === name);
  async function run(t: Test, name: string, ...args: readonly string[]): Promise<string> {
    t.teardown(() => docker.cli('rm', '--force', name).catch(() => undefined));
    return await docker.run('--name', name, ...args);
  }
  async function runAndSee(t: Test, name: string, ...args: readonly string[]): Promise<string> {
    const id = await run(t, name, ...args);
    await scrapeWhen(`${name} runs`, scrape => stateOf(scrape, name)[0] === 'running');
    return id;
  }

  t.test('a memory limit written by hand shows at the next scrape', async t => {
    await runAndSee(t, 'limited', '--memory=64m', IMAGE, 'sleep', '9999');
    const kernel = new KernelFiles((await docker.inspect('limited')).State.Pid);
    const file = kernel.version('memory') === 1 ? 'memory.limit_in_bytes' : 'memory.max';
    execFileSync('sh', ['-c', 'echo 8000000 >"$1"', 'sh', join(kernel.directory('memory'), file)]);
    const scrape = await daemon.scrape();
    t.equal(
      scrape.value('container_spec_memory_limit_bytes', { name: 'limited' }),
      7_999_488,
      'in whole pages',
    );
    const shown = await docker.cli('stats', '--no-stream', '--format', '{{.MemUsage}}', 'limited');
    t.match(shown, / \/ 7\.629MiB$/, 'and docker stats agrees');
  });

  t.test('fault 37: docker update shows', async t => {
    await runAndSee(t, 'updated', '--memory=64m', '--cpus=0.5', IMAGE, 'sleep', '9999');
    const limits = [
      '--memory=32m',
      '--memory-swap=32m',
      '--cpus=1.5',
      '--cpu-shares=2048',
      '--pids-limit=77',
    ];
    await docker.cli('update', ...limits, 'updated');
    const value = (scrape: Exposition, metric: string): number | undefined =>
      scrape.values(`container_${metric}`, { name: 'updated' })[0];
    const scrape = await scrapeWhen('all of it', scrape => value(scrape, 'cpu_limit_cores') === 1.5);
    t.equal(value(scrape, 'spec_memory_limit_bytes'), 32 * 1024 * 1024);
    t.equal(value(scrape, 'spec_cpu_quota'), 150_000);
    t.equal(value(scrape, 'spec_cpu_shares'), 2048);
    t.equal(value(scrape, 'threads_max'), 77);
  });

  t.test('a renamed container has its new name alone', async t => {
    await runAndSee(t, 'before', IMAGE, 'sleep', '9999');
    await docker.cli('rename', 'before', 'after');
    t.teardown(() => docker.cli('rm', '--force', 'after'));
    const scrape = await scrapeWhen('the new name', scrape => known(scrape, 'after'));
    t.notOk(known(scrape, 'before'));
  });

  t.test('fault 40: a restarted container keeps its series and has one restart more', async t => {
    await runAndSee(t, 'web', IMAGE, 'sleep', '9999');
    const labelsOf = (scrape: Exposition): string[] =>
      scrape.series
        .filter(({ labels }) => labels['name'] === 'web' && labels['state'] === undefined)
        .filter(({ name }) => !OF_THE_LAST_EXIT.has(name))
        .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)
        .toSorted();
    const restarts = (scrape: Exposition): number =>
      scrape.value('container_restarts_total', { name: 'web' });
    const before = await daemon.scrape();
    t.equal(restarts(before), 0);
    for (const expected of [1, 2]) {
      const { Pid } = (await docker.inspect('web')).State;
      await docker.cli('restart', '--time=0', 'web');
      t.not((await docker.inspect('web')).State.Pid, Pid);
      const after = await scrapeWhen(
        'it runs again',
        scrape => restarts(scrape) === expected && stateOf(scrape, 'web')[0] === 'running',
      );
      t.same(labelsOf(after), labelsOf(before));
      t.equal(restarts(await daemon.scrape()), expected, 'and stays so');
      t.ok(
        after.value('container_start_time_seconds', { name: 'web' }) >
          before.value('container_start_time_seconds', { name: 'web' }),
      );
    }
  });

  t.test('a removed container is gone, whole', async t => {
    const id = await runAndSee(t, 'short', IMAGE, 'sleep', '9999');
    await docker.cli('rm', '--force', 'short');
    const scrape = await scrapeWhen('it is gone', scrape => !known(scrape, 'short'));
    t.notMatch(scrape.text, id);
  });

  t.test('fault 38: a paused container is paused, and its numbers go on', async t => {
    await runAndSee(t, 'frozen', '--memory=64m', IMAGE, 'sleep', '9999');
    await docker.cli('pause', 'frozen');
    const scrape = await scrapeWhen('paused', scrape => stateOf(scrape, 'frozen')[0] === 'paused');
    t.same(stateOf(scrape, 'frozen'), ['paused'], 'and nothing else');
    t.ok(scrape.value('container_memory_usage_bytes', { name: 'frozen' }) > 0);
    await docker.cli('unpause', 'frozen');
    await scrapeWhen('running', scrape => stateOf(scrape, 'frozen')[0] === 'running');
  });

  t.test('fault 39: a process killed for want of memory while the container lives', async t => {
    const eater = 'while :; do dd if=/dev/zero of=/dev/null bs=64M count=1; sleep 0.2; done';
    await runAndSee(t, 'greedy', '--memory=8m', '--memory-swap=8m', IMAGE, 'sh', '-c', eater);
    const events = (scrape: Exposition): number =>
      scrape.value('container_oom_events_total', { name: 'greedy' });
    await scrapeWhen('it is counted', scrape => events(scrape) > 0);
    const kernel = new KernelFiles((await docker.inspect('greedy')).State.Pid);
    const file = kernel.version('memory') === 1 ? 'memory.oom_control' : 'memory.events';
    const before = kernel.value('memory', { file, key: 'oom_kill' }) ?? NaN;
    const value = events(await daemon.scrape());
    t.ok(before <= value && value <= (kernel.value('memory', { file, key: 'oom_kill' }) ?? NaN));
  });

  t.test('fault 39: a container that ends for want of memory', async t => {
    await run(
      t,
      'starved',
      '--memory=8m',
      '--memory-swap=8m',
      IMAGE,
      'dd',
      'if=/dev/zero',
      'of=/dev/null',
      'bs=64M',
    );
    const scrape = await scrapeWhen('it has ended', scrape => stateOf(scrape, 'starved')[0] === 'exited');
    t.equal(scrape.value('container_exit_code', { name: 'starved' }), 137);
    const state: Readonly<Record<string, unknown>> = (await docker.inspect('starved')).State;
    t.equal(scrape.value('container_oom_killed', { name: 'starved' }), Number(state['OOMKilled']));
    t.same(
      scrape.values('container_memory_usage_bytes', { name: 'starved' }),
      [],
      'what does not run uses nothing',
    );
  });

  t.test('created, exited and restarting containers are there with their state', async t => {
    await docker.cli('create', '--name', 'made', '--network=none', IMAGE, 'true');
    await docker.run('--name', 'done', IMAGE, 'sh', '-c', 'exit 3');
    await docker.run('--name', 'loop', '--restart=always', IMAGE, 'false');
    t.teardown(() => docker.cli('rm', '--force', 'made', 'done', 'loop'));
    const scrape = await scrapeWhen(
      'all three',
      scrape =>
        stateOf(scrape, 'made')[0] === 'created' &&
        stateOf(scrape, 'done')[0] === 'exited' &&
        stateOf(scrape, 'loop')[0] === 'restarting',
    );
    t.equal(scrape.value('container_exit_code', { name: 'done' }), 3);
    t.same(scrape.values('container_exit_code', { name: 'made' }), []);
    t.equal(scrape.values('container_info', { name: 'made' }).length, 1);
    t.ok(scrape.value('confined_containers', { state: 'created' }) >= 1);
    const { RestartCount } = await docker.inspect('loop');
    const later = await daemon.scrape();
    t.ok(later.value('container_restarts_total', { name: 'loop' }) >= RestartCount - 1);
  });

  t.test('a container that could not start stays visible as created', async t => {
    t.teardown(() => docker.cli('rm', '--force', 'stillborn'));
    await t.rejects(docker.run('--name', 'stillborn', IMAGE, '/no/such/program'));
    const scrape = await scrapeWhen('it is there', scrape => known(scrape, 'stillborn'));
    t.same(stateOf(scrape, 'stillborn'), ['created']);
    t.same(scrape.values('container_memory_usage_bytes', { name: 'stillborn' }), []);
  });

  t.test('a privileged container shows, whether this machine may start it or not', async t => {
    t.teardown(() => docker.cli('rm', '--force', 'almighty'));
    await docker.run('--name', 'almighty', '--privileged', IMAGE, 'sleep', '9999').catch(() => undefined);
    const { Status } = (await docker.inspect('almighty')).State;
    const scrape = await scrapeWhen('it is there', scrape => stateOf(scrape, 'almighty')[0] === Status);
    t.match(Status, /created|running/);
    t.equal(
      scrape.values('container_seccomp_mode', { name: 'almighty' }).length,
      Number(Status === 'running'),
    );
  });

  t.test('fault 13: labels with quotes, newlines, other scripts, and 60 kB', async t => {
    const labels = {
      quotes: `"double" 'single' \\back`,
      lines: 'one\ntwo\r\nthree',
      unicode: 'häfen 港口 🚢 \u202e',
      'a.b-c/d': 'sanitised',
      long: 'é'.repeat(30_000),
    };
    const file = join(docker.directory, 'labels');
    writeFileSync(file, `long=${labels.long}\n`);
    const { long, ...short } = labels;
    const flags = Object.entries(short).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    await runAndSee(t, 'odd', ...flags, `--label-file=${file}`, IMAGE, 'sleep', '9999');
    const scrape = await daemon.scrape();
    const series = scrape.series.find(
      one => one.name === 'container_memory_rss' && one.labels['name'] === 'odd',
    );
    const shown = series?.labels ?? {};
    t.equal(shown['container_label_quotes'], labels.quotes);
    t.equal(shown['container_label_lines'], labels.lines);
    t.equal(shown['container_label_unicode'], labels.unicode);
    t.equal(shown['container_label_a_b_c_d'], 'sanitised');
    const cut = shown['container_label_long'] ?? '';
    t.ok(
      Buffer.byteLength(cut) <= 1024 + 3 && Buffer.byteLength(cut) > 1000,
      `${Buffer.byteLength(cut)} bytes`,
    );
    t.ok(long.startsWith(cut.replace(/…$/, '')), 'cut between characters');
  });

  t.test('processes in cgroups that a container made below its own are counted', async t => {
    await runAndSee(t, 'outer', '--pids-limit=50', IMAGE, 'sleep', '9999');
    const { Pid } = (await docker.inspect('outer')).State;
    const kernel = new KernelFiles(Pid);
    const inner = ['pids', 'memory', 'cpuacct'].map(name => join(kernel.directory(name), 'inner'));
    const script = 'for d; do mkdir -p "$d"; echo $$ >"$d/cgroup.procs"; done; exec sleep 60';
    const both = new Set([...inner, join('/sys/fs/cgroup/unified', kernel.unifiedPath, 'inner')]);
    const mover = spawn('sh', ['-c', script, 'sh', ...both], { stdio: 'ignore' });
    t.teardown(() => mover.kill('SIGKILL'));
    await scrapeWhen(
      'the second process counts',
      scrape => scrape.values('container_threads', { name: 'outer' })[0] === 2,
    );
    await docker.cli('update', '--pids-limit=51', 'outer');
    const scrape = await scrapeWhen(
      'in the slow tier as well',
      scrape => scrape.values('container_processes', { name: 'outer' })[0] === 2,
    );
    t.equal(scrape.value('container_threads', { name: 'outer' }), 2);
  });
});
