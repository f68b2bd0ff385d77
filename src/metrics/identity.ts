import { CONTAINER_STATES, HEALTH_STATUSES } from '../discover/container.js';
import { flag, labelled, metrics } from './metric.js';

/** Docker Compose's own labels on what it starts. */
export const COMPOSE_PROJECT_LABEL = 'com.docker.compose.project';
export const COMPOSE_SERVICE_LABEL = 'com.docker.compose.service';

const INSPECT = 'Docker API, GET /containers/{id}/json';

/** Who a container is and how its life goes; stopped containers too. */
export const IDENTITY_METRICS = metrics('identity', [
  labelled({
    name: 'container_info',
    part: 'container',
    type: 'info',
    help: 'Identity and configuration of a container, to join other metrics with.',
    source: INSPECT,
    labels: [
      'container_id',
      'image_id',
      'runtime',
      'compose_project',
      'compose_service',
      'restart_policy',
      'network_mode',
      'pid_mode',
      'ipc_mode',
      'uts_mode',
      'userns_mode',
      'cgroupns_mode',
    ],
    series: ({ container }, emit) => {
      if (container === undefined) return;
      const { configuration, labels } = container;
      emit(
        1,
        container.id,
        container.imageId ?? '',
        configuration.runtime ?? '',
        labels.get(COMPOSE_PROJECT_LABEL) ?? '',
        labels.get(COMPOSE_SERVICE_LABEL) ?? '',
        configuration.restartPolicy ?? '',
        configuration.networkMode ?? '',
        configuration.pidMode ?? '',
        configuration.ipcMode ?? '',
        configuration.utsMode ?? '',
        configuration.usernsMode ?? '',
        configuration.cgroupnsMode ?? '',
      );
    },
  }),
  labelled({
    name: 'container_state',
    part: 'container',
    type: 'gauge',
    help: 'Whether the container is in the state: 1 for one of them, 0 for the others.',
    source: `${INSPECT}, State.Status`,
    labels: ['state'],
    series: ({ container }, emit) => {
      if (container === undefined) return;
      for (const state of CONTAINER_STATES) emit(Number(container.state === state), state);
    },
  }),
  {
    name: 'container_start_time_seconds',
    type: 'gauge',
    help: 'When the container was last started, in unix time; for the root cgroup, when the host was booted.',
    source: `${INSPECT}, State.StartedAt; /proc/stat btime`,
    value: sample => sample.startedAtSeconds,
  },
  {
    name: 'container_creation_time_seconds',
    type: 'gauge',
    help: 'When the container was created, in unix time.',
    source: `${INSPECT}, Created`,
    value: ({ container }) => container?.createdAtSeconds,
  },
  {
    name: 'container_finished_time_seconds',
    type: 'gauge',
    help: 'When the container last stopped, in unix time.',
    source: `${INSPECT}, State.FinishedAt`,
    value: ({ container }) => container?.finishedAtSeconds,
  },
  {
    name: 'container_last_seen',
    type: 'gauge',
    help: "When the container's kernel files were last read with success, in unix time.",
    source: 'the clock at the poll',
    value: sample => sample.sampledAtSeconds,
  },
  {
    name: 'container_exit_code',
    type: 'gauge',
    help: 'Exit code of the last exit.',
    source: `${INSPECT}, State.ExitCode`,
    value: ({ container }) => container?.exitCode,
  },
  {
    name: 'container_oom_killed',
    type: 'gauge',
    help: 'Whether the runtime saw a process of the container killed for want of memory in its last run.',
    source: `${INSPECT}, State.OOMKilled`,
    value: ({ container }) => flag(container?.oomKilled),
  },
  {
    name: 'container_restarts_total',
    type: 'counter',
    help: 'Starts of the container after its first one, as far as the runtime remembers or was watched.',
    source: `${INSPECT}, RestartCount and changes of State.StartedAt`,
    value: ({ container }) => container?.restarts,
  },
  {
    name: 'container_health_state',
    type: 'gauge',
    help: 'Verdict of the health check: 1 healthy, 0 unhealthy or starting, -1 without a health check.',
    source: `${INSPECT}, State.Health.Status`,
    value: ({ container }) => healthState(container?.health?.status),
  },
  labelled({
    name: 'container_health_status',
    part: 'container',
    type: 'gauge',
    help: 'Whether the health check has the verdict: 1 for one of them, 0 for the others.',
    source: `${INSPECT}, State.Health.Status`,
    labels: ['status'],
    series: ({ container }, emit) => {
      if (container?.health === undefined) return;
      for (const status of HEALTH_STATUSES) emit(Number(container.health.status === status), status);
    },
  }),
  {
    name: 'container_health_failing_streak',
    type: 'gauge',
    help: 'How many health checks have failed in a row.',
    source: `${INSPECT}, State.Health.FailingStreak`,
    value: ({ container }) => container?.health?.failingStreak,
  },
]);

/** cAdvisor's encoding. */
function healthState(status: string | undefined): number | undefined {
  if (status === undefined) return undefined;
  if (status === 'none') return -1;
  return Number(status === 'healthy');
}
