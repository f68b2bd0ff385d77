import t from 'tap';
import { pressure2 } from '../../../src/model/cgroup2/pressure.js';
import { sampleOf } from '../support.js';

const NOTHING = { waitingSeconds: undefined, stalledSeconds: undefined };
const some = (total: number): string => `some avg10=0.07 avg60=0.51 avg300=0.51 total=${total}\n`;
const full = (total: number): string => `full avg10=0.00 avg60=0.00 avg300=0.00 total=${total}\n`;

t.test('totals in seconds', async t => {
  t.strictSame(
    sampleOf(pressure2, {
      'cpu.pressure': some(10_261_665) + full(500_000),
      'memory.pressure': some(2_000_000) + full(1),
      'io.pressure': some(0) + full(0),
    }),
    {
      cpu: { waitingSeconds: 10.261665, stalledSeconds: 0.5 },
      memory: { waitingSeconds: 2, stalledSeconds: 0.000001 },
      io: { waitingSeconds: 0, stalledSeconds: 0 },
    },
  );
});

t.test('kernels before 5.13 have no full line for the CPU', async t => {
  t.strictSame(sampleOf(pressure2, { 'cpu.pressure': some(3_000_000) }).cpu, {
    waitingSeconds: 3,
    stalledSeconds: undefined,
  });
});

t.test('where the kernel does not account pressure everything is absent', async t => {
  t.strictSame(sampleOf(pressure2, {}), { cpu: NOTHING, memory: NOTHING, io: NOTHING });
});
