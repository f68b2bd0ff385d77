import t from 'tap';
import { NETWORK_METRICS } from '../../src/metrics/network.js';
import { expose } from './support.js';

t.test('each counter of each interface', async t => {
  const said = expose(NETWORK_METRICS, {
    network: {
      interfaces: [
        {
          interface: 'eth0',
          receiveBytes: 1,
          receivePackets: 2,
          receiveErrors: 3,
          receiveDropped: 4,
          transmitBytes: 5,
          transmitPackets: 6,
          transmitErrors: 7,
          transmitDropped: 8,
        },
      ],
    },
  });
  const values = {
    receive_bytes: 1,
    receive_packets: 2,
    receive_errors: 3,
    receive_packets_dropped: 4,
    transmit_bytes: 5,
    transmit_packets: 6,
    transmit_errors: 7,
    transmit_packets_dropped: 8,
  };
  for (const [name, value] of Object.entries(values))
    t.equal(said.value(`container_network_${name}_total`, { interface: 'eth0' }), value, name);
  t.equal(said.series.length, 8);
});

t.test('without network', async t => {
  t.strictSame(expose(NETWORK_METRICS, { network: { interfaces: [] } }).series, []);
  t.strictSame(expose(NETWORK_METRICS, {}).series, []);
});
