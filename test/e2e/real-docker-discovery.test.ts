import t, { type Test } from 'tap';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { freshDirectory } from '../serve/support.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon, type DockerDaemon } from '../support/docker-daemon.js';
import type { Exposition } from '../support/exposition.js';
import { KernelFiles } from '../support/kernel-files.js';
import { until } from '../support/process.js';

t.setTimeout(400_000);
const FRESH = ['--poll.max-age=0s', '--docker.timeout=20s'];

async function startHost(t: Test, daemonArguments: readonly string[] = []): Promise<DockerDaemon> {
  const docker = await startDockerDaemon(daemonArguments);
  t.teardown(() => docker.stop());
  return docker;
}

async function start(t: Test, ...flags: string[]): Promise<TestDaemon> {
  const daemon = await startTestDaemon([...FRESH, ...flags]);
  t.teardown(() => daemon.stop());
  return daemon;
}

const memoryOf = (scrape: Exposition, id: string): number[] =>
  scrape.series
    .filter(one => one.name === 'container_memory_usage_bytes' && one.labels['id']?.endsWith(id))
    .map(({ value }) => value);

t.test(
  'discovery in the cgroup tree finds the same containers, with the kernel’s numbers',
  { skip: skipReason() },
  async t => {
    const docker = await startHost(t);
    const ids = [
      await docker.run('--memory=64m', IMAGE, 'sleep', '9999'),
      await docker.run(IMAGE, 'sleep', '9999'),
    ];
    const daemon = await start(t, '--discovery=cgroup');
    const scrape = await daemon.scrape();
    for (const id of ids) {
      t.equal(memoryOf(scrape, id).length, 1, 'once');
      const kernel = new KernelFiles((await docker.inspect(id)).State.Pid);
      const file = kernel.version('memory') === 1 ? 'memory.usage_in_bytes' : 'memory.current';
      // Shortly after its start a container still gives memory back.
      await until('the kernel says the same', async () => {
        const [usage] = memoryOf(await daemon.scrape(), id);
        return usage !== undefined && usage === kernel.value('memory', { file });
      });
      const name = id.slice(0, 12);
      t.equal(scrape.value('container_seccomp_mode', { name, scope: 'init' }), 2);
      t.equal(scrape.value('container_processes', { name }), 1);
      t.equal(scrape.value('container_state', { name, state: 'running' }), 1);
    }
    t.same(scrape.values('confined_docker_up'), [], 'Docker is not asked');
    await docker.cli('rm', '--force', ...ids);
    await until('both are gone', async () => {
      const { text } = await daemon.scrape();
      return ids.every(id => !text.includes(id));
    });
  },
);

t.test('the Docker API is taken up when its socket appears', { skip: skipReason() }, async t => {
  const docker = await startHost(t);
  const id = await docker.run('--name', 'web', IMAGE, 'sleep', '9999');
  const socket = join(freshDirectory(t), 'docker.sock');
  const daemon = await start(t, `--docker.host=unix://${socket}`);
  const without = await daemon.scrape();
  t.equal(without.value('confined_docker_up'), 0);
  t.equal(memoryOf(without, id).length, 1, 'found in the cgroup tree');
  t.same(without.values('container_memory_usage_bytes', { name: 'web' }), []);
  symlinkSync(docker.socketPath, socket);
  let scrape = without;
  await until('it has its name', async () => {
    scrape = await daemon.scrape();
    return scrape.values('container_memory_usage_bytes', { name: 'web', image: IMAGE }).length === 1;
  });
  t.equal(scrape.value('confined_docker_up'), 1);
  t.equal(memoryOf(scrape, id).length, 1, 'and is there once');
});

for (const liveRestore of [true, false])
  t.test(
    `fault 21: dockerd is killed ${liveRestore ? 'with' : 'without'} live-restore`,
    { skip: skipReason() },
    async t => {
      const docker = await startHost(t, liveRestore ? ['--live-restore'] : []);
      const id = await docker.run('--name', 'web', '--restart=always', IMAGE, 'sleep', '9999');
      const daemon = await start(t, `--docker.host=${docker.host}`);
      const before = await daemon.scrape();
      t.equal(before.value('confined_docker_up'), 1);
      t.equal(before.value('confined_event_stream_connected'), 1);
      await docker.kill('SIGKILL');
      let scrape = before;
      await until('the loss shows', async () => {
        scrape = await daemon.scrape();
        return scrape.value('confined_docker_up') === 0;
      });
      t.equal(scrape.value('confined_event_stream_connected'), 0);
      t.same(memoryOf(scrape, id).length, 1, 'the container runs on, and its values go on');
      t.equal(scrape.value('container_memory_usage_bytes', { name: 'web' }) > 0, true, 'under its name');
      await docker.restart();
      await until('Docker is back', async () => {
        scrape = await daemon.scrape();
        return (
          scrape.value('confined_docker_up') === 1 &&
          scrape.value('confined_event_stream_connected') === 1 &&
          scrape.values('container_memory_usage_bytes', { name: 'web' }).length === 1
        );
      });
      const { State } = await docker.inspect('web');
      t.equal(
        Math.floor(scrape.value('container_start_time_seconds', { name: 'web' })),
        Math.floor(Date.parse(State.StartedAt) / 1000),
      );
      t.equal(
        scrape.value('container_restarts_total', { name: 'web' }),
        liveRestore ? 0 : 1,
        'a container that was started anew was restarted',
      );
    },
  );
