import { parsePressure } from '../../parse/pressure.js';
import type { Pressure } from '../../parse/pressure.js';
import { divided, MICROSECONDS } from '../number.js';
import type { PressureSample, PressureTotals } from '../sample.js';
import { section } from '../section.js';
import type { Source } from '../section.js';

/** Pressure stall information (accounting/psi.rst); hybrid hosts have it too, in their cgroup v2 tree. */
export const pressure2 = section(
  {
    cpu: pressureFile('cpu.pressure'),
    memory: pressureFile('memory.pressure'),
    io: pressureFile('io.pressure'),
  },
  ({ cpu, memory, io }): PressureSample => ({ cpu: totals(cpu), memory: totals(memory), io: totals(io) }),
);

function pressureFile(file: string): Source<Pressure> {
  return {
    directory: 'unified',
    file,
    tier: 'poll',
    parse: (
      bytes,
      length,
      previous = { someTotalMicroseconds: undefined, fullTotalMicroseconds: undefined },
    ) => {
      parsePressure(bytes, length, previous);
      return previous;
    },
  };
}

function totals(pressure: Pressure | undefined): PressureTotals {
  return {
    waitingSeconds: divided(pressure?.someTotalMicroseconds, MICROSECONDS),
    stalledSeconds: divided(pressure?.fullTotalMicroseconds, MICROSECONDS),
  };
}
