import { metrics } from './metric.js';

/** Pressure stall information (Documentation/accounting/psi.rst), from the cgroup v2 tree. */
export const PRESSURE_METRICS = metrics('pressure', [
  {
    name: 'container_pressure_cpu_waiting_seconds_total',
    type: 'counter',
    help: 'How long at least one task of the container waited for a CPU, in seconds.',
    source: 'cpu.pressure, some total',
    value: sample => sample.pressure?.cpu.waitingSeconds,
  },
  {
    name: 'container_pressure_cpu_stalled_seconds_total',
    type: 'counter',
    help: 'How long all tasks of the container that wanted to run waited for a CPU, in seconds.',
    source: 'cpu.pressure, full total',
    value: sample => sample.pressure?.cpu.stalledSeconds,
  },
  {
    name: 'container_pressure_memory_waiting_seconds_total',
    type: 'counter',
    help: 'How long at least one task of the container waited for memory, in seconds.',
    source: 'memory.pressure, some total',
    value: sample => sample.pressure?.memory.waitingSeconds,
  },
  {
    name: 'container_pressure_memory_stalled_seconds_total',
    type: 'counter',
    help: 'How long all tasks of the container that wanted to run waited for memory, in seconds.',
    source: 'memory.pressure, full total',
    value: sample => sample.pressure?.memory.stalledSeconds,
  },
  {
    name: 'container_pressure_io_waiting_seconds_total',
    type: 'counter',
    help: 'How long at least one task of the container waited for block I/O, in seconds.',
    source: 'io.pressure, some total',
    value: sample => sample.pressure?.io.waitingSeconds,
  },
  {
    name: 'container_pressure_io_stalled_seconds_total',
    type: 'counter',
    help: 'How long all tasks of the container that wanted to run waited for block I/O, in seconds.',
    source: 'io.pressure, full total',
    value: sample => sample.pressure?.io.stalledSeconds,
  },
]);
