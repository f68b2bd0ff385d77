import t from 'tap';
import { network } from '../../../src/model/process/network.js';
import { sampleOf } from '../support.js';

const HEADER = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const LOOPBACK =
  '    lo:    5000      50    0    0    0     0          0         0     5000      50    0    0    0     0       0          0\n';

t.test('every interface but the loopback', async t => {
  const sample = sampleOf(network, {
    'net/dev': `${HEADER}${LOOPBACK}  eth0: 1048576    1000    1    2    0     0          0         0   524288     600    3    4    0     0       0          0\n`,
  });
  t.strictSame(sample, {
    interfaces: [
      {
        interface: 'eth0',
        receiveBytes: 1_048_576,
        receivePackets: 1000,
        receiveErrors: 1,
        receiveDropped: 2,
        transmitBytes: 524_288,
        transmitPackets: 600,
        transmitErrors: 3,
        transmitDropped: 4,
      },
    ],
  });
});

t.test('a container without network, and one that cannot be read', async t => {
  t.strictSame(sampleOf(network, { 'net/dev': HEADER + LOOPBACK }), { interfaces: [] });
  t.equal(sampleOf(network, {}), undefined);
});
