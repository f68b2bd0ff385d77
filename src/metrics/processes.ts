import { TASK_STATES } from '../model/sample.js';
import { flag, labelled, metrics } from './metric.js';

export const PROCESS_METRICS = metrics('processes', [
  {
    name: 'container_processes',
    type: 'gauge',
    help: "Processes in the container's cgroup and the cgroups below it.",
    source: 'cgroup.procs',
    value: sample => sample.processes,
  },
  {
    name: 'container_threads',
    type: 'gauge',
    help: 'Threads of all processes of the container.',
    source: 'pids.current',
    value: sample => sample.tasks?.threads,
  },
  {
    name: 'container_threads_max',
    type: 'gauge',
    help: 'Threads that the container may have; 0 without a limit.',
    source: 'pids.max',
    value: ({ tasks }) => (tasks?.threadsMax === Infinity ? 0 : tasks?.threadsMax),
  },
  {
    name: 'container_pids_peak',
    type: 'gauge',
    help: 'Most threads that the container has had at a time.',
    source: 'pids.peak',
    value: sample => sample.tasks?.threadsPeak,
  },
  {
    name: 'container_file_descriptors',
    type: 'gauge',
    help: 'File descriptors that the processes of the container hold open.',
    source: '/proc/<pid>/fd of every process',
    value: sample => sample.processDetails?.fileDescriptors,
  },
  {
    name: 'container_sockets',
    type: 'gauge',
    help: 'Sockets among the open file descriptors of the container.',
    source: '/proc/<pid>/fd of every process',
    value: sample => sample.processDetails?.sockets,
  },
  labelled({
    name: 'container_ulimits_soft',
    type: 'gauge',
    help: 'Soft resource limits of the first process; -1 without a limit.',
    source: '/proc/<pid>/limits of the first process',
    labels: ['ulimit'],
    series: ({ processDetails }, emit) => {
      for (const { name, value } of processDetails?.softLimits ?? [])
        emit(value === Infinity ? -1 : value, name);
    },
  }),
  labelled({
    name: 'container_tasks_state',
    type: 'gauge',
    help: 'Threads of the container in the state.',
    source: '/proc/<pid>/task/<tid>/stat of every thread',
    labels: ['state'],
    series: ({ processDetails }, emit) => {
      for (const state of TASK_STATES) emit(processDetails?.taskStates?.[state], state);
    },
  }),
  labelled({
    name: 'container_limit_unset',
    type: 'gauge',
    help: 'Whether nothing limits what the container may use of the resource.',
    source: 'the memory, CPU and pids limits above',
    labels: ['resource'],
    series: ({ container, memory, cpu, tasks }, emit) => {
      if (container === undefined) return;
      emit(unlimited(memory?.limitBytes), 'memory');
      emit(unlimited(cpu?.quotaMicroseconds), 'cpu');
      emit(unlimited(tasks?.threadsMax), 'pids');
    },
  }),
]);

function unlimited(limit: number | undefined): number | undefined {
  return flag(limit === undefined ? undefined : limit === Infinity);
}
