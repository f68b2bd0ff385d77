import t from 'tap';
import { PRESSURE_METRICS } from '../../src/metrics/pressure.js';
import { expose } from './support.js';

t.test('time spent waiting, by what was waited for', async t => {
  const said = expose(PRESSURE_METRICS, {
    pressure: {
      cpu: { waitingSeconds: 1.5, stalledSeconds: undefined },
      memory: { waitingSeconds: 2, stalledSeconds: 3 },
      io: { waitingSeconds: 0, stalledSeconds: 0 },
    },
  });
  const value = (name: string): number[] => said.values(`container_pressure_${name}_seconds_total`);
  t.strictSame(value('cpu_waiting'), [1.5]);
  t.strictSame(value('cpu_stalled'), [], 'old kernels do not tell');
  t.strictSame(value('memory_waiting'), [2]);
  t.strictSame(value('memory_stalled'), [3]);
  t.strictSame(value('io_waiting'), [0]);
  t.strictSame(value('io_stalled'), [0]);
  t.strictSame(expose(PRESSURE_METRICS, {}).series, []);
});
