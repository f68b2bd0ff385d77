import t from 'tap';
import { CAPABILITY_METRICS } from '../../../src/metrics/confinement/capabilities.js';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import type { ProcessConfinement } from '../../../src/model/confinement/process.js';
import type { ConfinementSample } from '../../../src/model/confinement/sample.js';
import { confinedProcess, DOCKER_MASK, unknownProcess } from '../../model/confinement/support.js';
import type { Exposition } from '../../support/exposition.js';
import { confinementOf, exposeConfinement } from './support.js';

const say = (processes: readonly ProcessConfinement[], of: Partial<ConfinementSample> = {}): Exposition =>
  exposeConfinement(CAPABILITY_METRICS, confinementOf(processes, of));

const extras = (said: Exposition): string[] =>
  said.series
    .filter(one => one.name === 'container_capability_extra')
    .map(({ labels, value }) => `${labels['set']} ${labels['capability']} ${labels['scope']} ${value}`);

t.test('a default container', async t => {
  const said = say([confinedProcess()]);
  t.equal(said.value('container_capabilities', { set: 'effective', scope: 'init' }), 14);
  t.equal(said.value('container_capabilities', { set: 'bounding', scope: 'any' }), 14);
  t.equal(said.value('container_capabilities', { set: 'ambient', scope: 'any' }), 0);
  t.equal(said.value('container_capabilities_mask', { set: 'permitted', scope: 'init' }), 0xa80425fb);
  t.strictSame(extras(said), []);
  t.strictSame(said.values('container_capability_processes'), []);
});

t.test('extra ones: also those that are in the bounding set alone, and bits without a name', async t => {
  const said = say([
    confinedProcess({ capabilities: { effective: 0n, bounding: DOCKER_MASK | (1n << 21n) } }),
    confinedProcess({ capabilities: { ambient: (1n << 41n) | (1n << 63n) } }),
  ]);
  t.strictSame(extras(said), [
    'bounding CAP_SYS_ADMIN init 1',
    'bounding CAP_SYS_ADMIN any 1',
    'ambient CAP_41 any 1',
    'ambient CAP_63 any 1',
  ]);
  t.equal(said.value('container_capabilities', { set: 'effective', scope: 'init' }), 0);
  t.equal(said.value('container_capabilities', { set: 'bounding', scope: 'init' }), 15);
});

t.test('how many processes hold each extra one effectively', async t => {
  const admin = confinedProcess({ capabilities: { effective: 1n << 21n } });
  const both = confinedProcess({ capabilities: { effective: (1n << 21n) | (1n << 12n) } });
  const said = say([confinedProcess(), admin, admin, both]);
  t.equal(said.value('container_capability_processes', { capability: 'CAP_SYS_ADMIN' }), 3);
  t.equal(said.value('container_capability_processes', { capability: 'CAP_NET_ADMIN' }), 1);
  t.equal(said.values('container_capability_processes').length, 2);
});

t.test('the baseline is what a policy says', async t => {
  const [process] = [confinedProcess({ capabilities: { permitted: 0n, bounding: 0n, effective: 0b11n } })];
  t.strictSame(extras(say([process], { capabilityBaseline: 0n })), [
    'effective CAP_CHOWN init 1',
    'effective CAP_DAC_OVERRIDE init 1',
    'effective CAP_CHOWN any 1',
    'effective CAP_DAC_OVERRIDE any 1',
  ]);
  t.strictSame(extras(say([process], { capabilityBaseline: 0b11n })), []);
});

t.test('with a process that nobody saw, what others hold is known; how much all hold is not', async t => {
  const init = confinedProcess({ capabilities: { effective: 1n << 21n } });
  const said = say([init], { all: allProcesses(init, [init], false) });
  t.strictSame(said.values('container_capabilities', { scope: 'any' }), []);
  t.strictSame(said.values('container_capabilities_mask', { scope: 'any' }), []);
  t.strictSame(extras(said), ['effective CAP_SYS_ADMIN init 1', 'effective CAP_SYS_ADMIN any 1']);
});

t.test('a kernel without ambient capabilities, and nothing known at all', async t => {
  const old = say([confinedProcess({ capabilities: { ambient: undefined } })]);
  t.strictSame(old.values('container_capabilities', { set: 'ambient' }), []);
  t.equal(old.values('container_capabilities', { set: 'bounding' }).length, 2);
  t.strictSame(say([unknownProcess()]).series, []);
});
