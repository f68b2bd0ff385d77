import t from 'tap';
import { memory1 } from '../../src/model/cgroup1/memory.js';
import { memory2 } from '../../src/model/cgroup2/memory.js';
import { hostInterfaces, hostMemory } from '../../src/model/root.js';
import { sampleOf } from './support.js';

const MEMINFO = {
  memTotalBytes: 8_000_000,
  memFreeBytes: 5_000_000,
  swapTotalBytes: 2_000_000,
  swapFreeBytes: 1_500_000,
};

t.test('the root of cgroup v2 has no usage of its own: it is what is not free', async t => {
  const root = sampleOf(memory2, { 'memory.stat': 'anon 1000000\nfile 900000\ninactive_file 400000\n' });
  const memory = hostMemory(root, MEMINFO);
  t.equal(memory.usageBytes, 3_000_000);
  t.equal(memory.workingSetBytes, 2_600_000);
  t.equal(memory.swapBytes, 500_000);
  t.equal(memory.rssBytes, 1_000_000, 'the rest stays as it was');
});

t.test('the root of cgroup v1 has', async t => {
  const root = sampleOf(memory1, { 'memory.usage_in_bytes': '4000\n', 'memory.stat': 'total_swap 5\n' });
  t.equal(hostMemory(root, MEMINFO), root);
});

t.test('what /proc/meminfo does not tell stays absent', async t => {
  const root = sampleOf(memory2, {});
  t.equal(hostMemory(root, undefined).usageBytes, undefined);
  const partial = hostMemory(root, { ...MEMINFO, memFreeBytes: undefined, swapFreeBytes: undefined });
  t.equal(partial.usageBytes, undefined);
  t.equal(partial.workingSetBytes, undefined);
  t.equal(partial.swapBytes, undefined);
});

t.test('the host’s interfaces without those that only lead to containers', async t => {
  const traffic = {
    receiveBytes: 1,
    receivePackets: 1,
    receiveErrors: 0,
    receiveDropped: 0,
    transmitBytes: 1,
    transmitPackets: 1,
    transmitErrors: 0,
    transmitDropped: 0,
  };
  const names = ['eth0', 'docker0', 'veth1a2b', 'nerdctl0', 'wlan0', 'ens5', 'bond0'];
  const { interfaces } = hostInterfaces({ interfaces: names.map(name => ({ interface: name, ...traffic })) });
  t.strictSame(
    interfaces.map(device => device.interface),
    ['eth0', 'wlan0', 'ens5', 'bond0'],
  );
});
