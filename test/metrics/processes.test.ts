import t from 'tap';
import { PROCESS_METRICS } from '../../src/metrics/processes.js';
import { cpu, expose, memory } from './support.js';

const limits = (memoryBytes: number, quotaMicroseconds: number, threadsMax: number) => ({
  memory: memory({ limitBytes: memoryBytes }),
  cpu: cpu({ quotaMicroseconds }),
  tasks: { threads: 1, threadsPeak: undefined, threadsMax },
});

t.test('what is unset', async t => {
  const unset = (of: Parameters<typeof expose>[1], resource: string): number[] =>
    expose(PROCESS_METRICS, of).values('container_limit_unset', { resource });
  for (const resource of ['memory', 'cpu', 'pids']) {
    t.strictSame(unset(limits(Infinity, Infinity, Infinity), resource), [1], resource);
    t.strictSame(unset(limits(4096, 1000, 5), resource), [0], resource);
    t.strictSame(
      unset({}, resource),
      [],
      `${resource}: what could not be read does not read as set or unset`,
    );
    t.strictSame(unset({ ...limits(Infinity, Infinity, Infinity), container: undefined }, resource), []);
  }
});

t.test('threads', async t => {
  const said = expose(PROCESS_METRICS, {
    processes: 2,
    tasks: { threads: 5, threadsPeak: 9, threadsMax: 100 },
  });
  t.equal(said.value('container_processes'), 2);
  t.equal(said.value('container_threads'), 5);
  t.equal(said.value('container_pids_peak'), 9);
  t.equal(said.value('container_threads_max'), 100);
  const free = expose(PROCESS_METRICS, limits(Infinity, Infinity, Infinity));
  t.equal(free.value('container_threads_max'), 0, 'as in cAdvisor');
});

t.test('details of processes', async t => {
  const said = expose(PROCESS_METRICS, {
    processDetails: {
      fileDescriptors: 12,
      sockets: 3,
      taskStates: { sleeping: 4, running: 1, stopped: 0, uninterruptible: 2 },
      softLimits: [{ name: 'max_open_files', value: Infinity }],
    },
  });
  t.equal(said.value('container_file_descriptors'), 12);
  t.equal(said.value('container_sockets'), 3);
  t.equal(said.value('container_tasks_state', { state: 'sleeping' }), 4);
  t.equal(said.value('container_tasks_state', { state: 'stopped' }), 0);
  t.equal(said.value('container_ulimits_soft', { ulimit: 'max_open_files' }), -1, 'as in cAdvisor');
});

t.test('what is not known has no series', async t => {
  t.strictSame(expose(PROCESS_METRICS, {}).series, []);
});
