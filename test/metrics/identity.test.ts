import t from 'tap';
import { IDENTITY_METRICS } from '../../src/metrics/identity.js';
import { container } from '../support/container.js';
import { expose } from './support.js';

const of = (fields: Parameters<typeof container>[0]) =>
  expose(IDENTITY_METRICS, { container: container(fields) });

t.test('a state is one of Docker’s seven', async t => {
  const said = of({ state: 'paused' });
  t.equal(said.value('container_state', { state: 'paused' }), 1);
  const others = ['created', 'running', 'restarting', 'removing', 'exited', 'dead'];
  for (const state of others) t.equal(said.value('container_state', { state }), 0, state);
});

t.test('health in cAdvisor’s numbers, and by name', async t => {
  const states = [
    ['healthy', 1],
    ['unhealthy', 0],
    ['starting', 0],
    ['none', -1],
  ] as const;
  for (const [status, number] of states) {
    const said = of({ health: { status, failingStreak: 2 } });
    t.equal(said.value('container_health_state'), number, status);
    t.equal(said.value('container_health_status', { status }), 1);
    t.equal(
      said.values('container_health_status').reduce((sum, value) => sum + value),
      1,
    );
    t.equal(said.value('container_health_failing_streak'), 2);
  }
  t.strictSame(of({}).values('container_health_state'), [], 'where nobody told');
});

t.test('a life', async t => {
  const said = expose(IDENTITY_METRICS, {
    container: container({
      createdAtSeconds: 1.5,
      finishedAtSeconds: 3,
      exitCode: 137,
      oomKilled: true,
      restarts: 0,
    }),
    startedAtSeconds: 2,
    sampledAtSeconds: 4,
  });
  t.equal(said.value('container_creation_time_seconds'), 1.5);
  t.equal(said.value('container_start_time_seconds'), 2);
  t.equal(said.value('container_finished_time_seconds'), 3);
  t.equal(said.value('container_last_seen'), 4);
  t.equal(said.value('container_exit_code'), 137);
  t.equal(said.value('container_oom_killed'), 1);
  t.equal(said.value('container_restarts_total'), 0);
  t.equal(of({ oomKilled: false }).value('container_oom_killed'), 0);
  t.strictSame(of({}).values('container_oom_killed'), []);
});

t.test('an info for joins', async t => {
  const said = of({
    id: 'ab',
    imageId: 'sha256:1',
    labels: new Map([
      ['com.docker.compose.project', 'shop'],
      ['com.docker.compose.service', 'web'],
    ]),
    configuration: { runtime: 'runc', restartPolicy: 'always', pidMode: 'host', networkMode: 'bridge' },
  });
  t.equal(
    said.value('container_info', {
      container_id: 'ab',
      image_id: 'sha256:1',
      compose_project: 'shop',
      compose_service: 'web',
      runtime: 'runc',
      restart_policy: 'always',
      pid_mode: 'host',
      network_mode: 'bridge',
    }),
    1,
  );
});

t.test('the root cgroup has no identity but its start', async t => {
  const root = expose(IDENTITY_METRICS, { container: undefined, startedAtSeconds: 5, sampledAtSeconds: 6 });
  t.strictSame(
    root.series.map(one => [one.name, one.labels, one.value]),
    [
      ['container_start_time_seconds', { id: '/' }, 5],
      ['container_last_seen', { id: '/' }, 6],
    ],
  );
});
