import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { IMAGE, skipReason, startDockerDaemon, type DockerDaemon } from '../support/docker-daemon.js';
import { find, prepareDiscovery, until } from './harness.js';

/** Long after any event: what is seen sooner was told by one. */
const EVENTS_ONLY = { reconcileSeconds: 3600 };

t.test('a real Docker daemon', { skip: skipReason() }, async t => {
  const daemon: DockerDaemon = await startDockerDaemon(['--live-restore']);
  t.teardown(() => daemon.stop());
  const dockerHost = daemon.host;

  t.test('its containers, as docker inspect tells of them', async t => {
    const labels = ['--label', 'com.docker.compose.project=shop', '--label', 'token=swordfish'];
    const options = ['--env', 'PASSWORD=swordfish', '--restart', 'unless-stopped', '--memory', '64m'];
    const id = await daemon.run('--name', 'web', ...labels, ...options, IMAGE, 'sleep', '9999');
    const { discovery, observed } = prepareDiscovery(t, { dockerHost });
    await discovery.start();
    const { State } = await daemon.inspect('web');
    const container = find(discovery, 'web');
    t.match(container, {
      id,
      image: IMAGE,
      state: 'running',
      pid: State.Pid,
      restarts: 0,
      health: { status: 'none' },
      source: 'docker',
      configuration: {
        networkMode: 'none',
        restartPolicy: 'unless-stopped',
        memoryLimitBytes: 64 * 1024 * 1024,
      },
    });
    t.same([...(container?.labels ?? [])], [['com.docker.compose.project', 'shop']]);
    t.equal(Math.floor(container?.startedAtSeconds ?? 0), Math.floor(Date.parse(State.StartedAt) / 1000));
    t.equal(container?.exitCode, undefined, 'it never ended');
    t.notMatch(JSON.stringify(container), /swordfish/);
    t.match(discovery.dockerHost?.version, /^\d+\.\d+/);
    t.match(observed.log, [/^info Docker \d+\.\d+\S* answers at unix:/]);
  });

  t.test('events: start, rename, pause, update, kill, remove', async t => {
    const { discovery, observed } = prepareDiscovery(t, { dockerHost, ...EVENTS_ONLY });
    await discovery.start();
    const id = await daemon.run('--name', 'first', IMAGE, 'sleep', '9999');
    await until('it runs', () => find(discovery, 'first')?.state === 'running');
    await daemon.cli('rename', 'first', 'second');
    await until('it is renamed', () => find(discovery, 'second')?.id === id);
    await daemon.cli('pause', id);
    await until('it is paused', () => find(discovery, 'second')?.state === 'paused');
    await daemon.cli('unpause', id);
    await until('it runs again', () => find(discovery, 'second')?.state === 'running');
    observed.updates.length = 0;
    await daemon.cli('update', '--memory', '32m', '--memory-swap', '32m', id);
    await until('the update is told', () => observed.updates.includes(id));
    t.equal(find(discovery, 'second')?.configuration.memoryLimitBytes, 32 * 1024 * 1024);
    await daemon.cli('kill', id);
    await until('it has ended', () => find(discovery, 'second')?.state === 'exited');
    t.match(find(discovery, 'second'), { exitCode: 137, pid: undefined });
    await daemon.cli('rm', id);
    await until('it is gone', () => find(discovery, 'second') === undefined);
  });

  t.test('restarts by hand and by policy are counted, and the count never goes back', async t => {
    const { discovery } = prepareDiscovery(t, { dockerHost, ...EVENTS_ONLY });
    await discovery.start();
    const restarts = (): number => find(discovery, 'flaky')?.restarts ?? -1;
    await daemon.run('--name', 'flaky', '--restart', 'on-failure:2', IMAGE, 'sh', '-c', 'sleep 0.3; false');
    await until('the policy has restarted it twice', () => restarts() === 2);
    await until('it has given up', () => find(discovery, 'flaky')?.state === 'exited');
    t.match(find(discovery, 'flaky'), { exitCode: 1 });
    await daemon.cli('start', 'flaky');
    await until('the start by hand counts as well', () => restarts() >= 3);
    await until('the policy starts again at nothing, the count does not', () => restarts() >= 4);
    await daemon.cli('rm', '--force', 'flaky');
  });

  t.test('health checks', async t => {
    const { discovery } = prepareDiscovery(t, { dockerHost, ...EVENTS_ONLY });
    await discovery.start();
    const check = ['--health-cmd', 'false', '--health-interval', '200ms', '--health-retries', '2'];
    await daemon.run('--name', 'sick', ...check, IMAGE, 'sleep', '9999');
    await until('it is unhealthy', () => find(discovery, 'sick')?.health?.status === 'unhealthy');
    t.ok((find(discovery, 'sick')?.health?.failingStreak ?? 0) >= 2);
    await daemon.cli('rm', '--force', 'sick');
  });

  t.test('a container that could not start, and one that was never started', async t => {
    await daemon.cli('create', '--name', 'created', '--network', 'none', IMAGE, 'sleep', '1');
    const { discovery } = prepareDiscovery(t, { dockerHost });
    await discovery.start();
    t.match(find(discovery, 'created'), { state: 'created', pid: undefined, startedAtSeconds: undefined });
    await daemon.cli('rm', 'created');
  });

  t.test('fault 21: dockerd stopped by SIGSTOP and continued', async t => {
    const { discovery, observed } = prepareDiscovery(t, { dockerHost, timeoutSeconds: 1 });
    await discovery.start();
    t.ok(discovery.dockerUp);
    await daemon.kill('SIGSTOP');
    await until('the silence is noticed', () => !discovery.dockerUp);
    t.equal(find(discovery, 'web')?.state, 'running', 'its containers stay');
    await daemon.kill('SIGCONT');
    await until('it is up again', () => discovery.dockerUp);
    t.ok(observed.requests.some(text => text.endsWith('timeout')));
  });

  t.test('fault 21: dockerd killed and started again; with live-restore its containers run on', async t => {
    const { discovery } = prepareDiscovery(t, { dockerHost });
    await discovery.start();
    const before = find(discovery, 'web');
    await daemon.kill('SIGKILL');
    await until('the end is noticed', () => !discovery.dockerUp);
    await delay(300);
    t.same(find(discovery, 'web'), before, 'what was known stays');
    await daemon.restart();
    await until('it is up again', () => discovery.dockerUp);
    t.match(find(discovery, 'web'), { id: before?.id, pid: before?.pid, restarts: 0 });
    await daemon.cli('rm', '--force', 'web');
    await until('events are told again', () => find(discovery, 'web') === undefined);
  });
});
