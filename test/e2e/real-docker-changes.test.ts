import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { startTestDaemon } from '../support/daemon.js';
import type { TestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import type { DockerDaemon } from '../support/docker-daemon.js';
import type { Exposition } from '../support/exposition.js';
import { KernelFiles } from '../support/kernel-files.js';
import { differences, postureOf } from '../support/posture.js';
import { until } from '../support/process.js';

t.setTimeout(600_000);

/** One run of the daemon over containers that others change while it looks. */
class Scene {
  readonly docker: DockerDaemon;
  readonly daemon: TestDaemon;

  constructor(docker: DockerDaemon, daemon: TestDaemon) {
    this.docker = docker;
    this.daemon = daemon;
  }

  scrape(): Promise<Exposition> {
    return this.daemon.scrape();
  }

  async changes(name: string, control: string): Promise<number> {
    return (await this.scrape()).value('container_posture_changes_total', { name, control });
  }

  /** Waits until the posture of `web` is this far from what it was; fails with what is different. */
  async expectMoves(t: Test, before: Exposition, moves: readonly string[], message: string): Promise<void> {
    let found: readonly string[] = [];
    await until(
      message,
      async () => {
        found = differences(postureOf(before, 'web'), postureOf(await this.scrape(), 'web'));
        return found.join() === moves.join();
      },
      15,
    ).catch(() => undefined);
    t.strictSame(found, moves, message);
  }
}

/** Starts a program of the host's; answers how to end it. */
function startOnHost(t: Test, program: string, ...args: readonly string[]): () => void {
  const child = spawn(program, args, { stdio: 'ignore' });
  const end = (): void => {
    if (child.pid === undefined) return;
    // A process that is the first of its pid namespace heeds no other signal.
    execFileSync('sh', ['-c', `pkill -KILL -P ${child.pid}; kill -KILL ${child.pid} 2>/dev/null; true`]);
  };
  t.teardown(end);
  return end;
}

t.test('what changes while a container runs', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  await docker.run('--name=web', '--memory=64m', '--memory-swap=256m', IMAGE, 'sleep', '9999');
  const daemon = await startTestDaemon([`--docker.host=${docker.host}`, '--poll.max-age=0s']);
  t.teardown(() => daemon.stop());
  const scene = new Scene(docker, daemon);
  const web = new KernelFiles((await docker.inspect('web')).State.Pid);
  await until('web is seen', async () => postureOf(await scene.scrape(), 'web').size > 0);

  t.test('a process that another program starts with docker exec, in a chroot', async t => {
    const before = await scene.scrape();
    await docker.cli('exec', '--detach', 'web', 'chroot', '/bin', '/busybox', 'sleep', '9998');
    const moves = [
      'chrooted_processes 0 -> 1',
      'root_processes container 1 -> 2',
      'root_processes host 1 -> 2',
      'seccomp_processes filter 1 -> 2',
    ];
    await scene.expectMoves(t, before, moves, 'it shows');
    t.equal(await scene.changes('web', 'root_directory'), 1);
    execFileSync('pkill', ['-KILL', '-f', 'sleep 9998']);
    await scene.expectMoves(t, before, [], 'and is gone with it');
    t.equal(await scene.changes('web', 'root_directory'), 2);
  });

  t.test('a process of the host in its network and name', async t => {
    const before = await scene.scrape();
    const end = startOnHost(t, 'nsenter', '--target', String(web.pid), '--net', '--uts', 'sleep', '9999');
    const moves = ['namespace_foreign_processes net 0 -> 1', 'namespace_foreign_processes uts 0 -> 1'];
    await scene.expectMoves(t, before, moves, 'it shows');
    t.equal(await scene.changes('web', 'namespaces'), 1);
    end();
    await scene.expectMoves(t, before, [], 'and is gone with it');
  });

  t.test('namespaces of the host that no container has', async t => {
    const count = async (namespace: string): Promise<number> =>
      (await scene.scrape()).value('confined_unmanaged_namespaces', { namespace });
    const kinds = ['pid', 'net', 'mnt', 'uts'];
    const before = await Promise.all(kinds.map(count));
    const end = startOnHost(t, 'unshare', '--fork', '--pid', '--mount-proc', '--net', 'sleep', '9999');
    const expect = (added: readonly number[]): Promise<void> =>
      until(
        'they are counted',
        async () =>
          (await Promise.all(kinds.map(count))).join() ===
          before.map((had, i) => had + (added[i] ?? 0)).join(),
        15,
      );
    await t.resolves(expect([1, 1, 1, 0]), 'unshare');
    end();
    await t.resolves(expect([0, 0, 0, 0]), 'gone with it');
  });

  t.test('a limit that is written by hand', async t => {
    if (web.version('memory') !== 1) return;
    const file = join(web.directory('memory'), 'memory.limit_in_bytes');
    const limit = async (): Promise<number> =>
      (await scene.scrape()).value('container_spec_memory_limit_bytes', { name: 'web' });
    const before = await scene.scrape();
    t.equal(await limit(), 67_108_864);
    writeFileSync(file, '8000000');
    t.equal(await limit(), 7_999_488, 'at once');
    t.strictSame(differences(postureOf(before, 'web'), postureOf(await scene.scrape(), 'web')), []);
    writeFileSync(file, '134217728');
    await scene.expectMoves(t, before, ['posture_drift memory_limit 0 -> 1'], 'more than was configured');
    writeFileSync(file, '67108864');
    await scene.expectMoves(t, before, [], 'and as configured');
    t.equal(await scene.changes('web', 'memory_limit'), 3);
  });

  t.test('counts survive a restart of the container', async t => {
    const before = await scene.changes('web', 'root_directory');
    await docker.cli('restart', '--time=0', 'web');
    await until(
      'it is seen again',
      async () =>
        (await scene.scrape()).values('container_seccomp_mode', { name: 'web', scope: 'init' }).length === 1,
    );
    t.equal(await scene.changes('web', 'root_directory'), before);
    t.equal(await scene.changes('web', 'seccomp'), 0, 'what its runtime prepared is not taken for a change');
  });
});

t.test('a process that lives for a moment, between two polls', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  await docker.run('--name=web', '--user=1000', IMAGE, 'sleep', '9999');
  const daemon = await startTestDaemon([
    `--docker.host=${docker.host}`,
    '--poll.interval=1h',
    '--poll.slow-interval=1h',
  ]);
  t.teardown(() => daemon.stop());
  const scene = new Scene(docker, daemon);
  const uid = { name: 'web', scope: 'any', view: 'container' };
  await until('web is seen', async () => (await scene.scrape()).values('container_uid', uid).includes(1000));
  await docker.cli('exec', '--user=0', 'web', 'sleep', '1');
  const scrape = await scene.scrape();
  t.equal(scrape.value('container_uid', uid), 1000, 'it has ended');
  t.equal(
    scrape.value('container_posture_changes_total', { name: 'web', control: 'user' }),
    2,
    'and was seen',
  );
  const last = scrape.value('container_posture_last_change_timestamp_seconds', {
    name: 'web',
    control: 'user',
  });
  t.ok(Math.abs(last - Date.now() / 1000) < 60);
});
