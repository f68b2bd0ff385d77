import type { PressureSample, PressureTotals } from '../model/sample.js';
import { metrics } from './metric.js';
import type { ValueRow } from './metric.js';

/** Pressure stall information (Documentation/accounting/psi.rst), from the cgroup v2 tree. */
export const PRESSURE_METRICS = metrics('pressure', [
  waiting('cpu', 'a CPU'),
  stalled('cpu', 'a CPU'),
  waiting('memory', 'memory'),
  stalled('memory', 'memory'),
  waiting('io', 'block I/O'),
  stalled('io', 'block I/O'),
]);

function waiting(resource: keyof PressureSample, what: string): ValueRow {
  return {
    name: `container_pressure_${resource}_waiting_seconds_total`,
    type: 'counter',
    help: `How long at least one task of the container waited for ${what}, in seconds.`,
    source: `${resource}.pressure, some total`,
    value: total(resource, 'waitingSeconds'),
  };
}

function stalled(resource: keyof PressureSample, what: string): ValueRow {
  return {
    name: `container_pressure_${resource}_stalled_seconds_total`,
    type: 'counter',
    help: `How long all tasks of the container that wanted to run waited for ${what}, in seconds.`,
    source: `${resource}.pressure, full total`,
    value: total(resource, 'stalledSeconds'),
  };
}

function total(resource: keyof PressureSample, field: keyof PressureTotals): ValueRow['value'] {
  return sample => sample.pressure?.[resource][field];
}
