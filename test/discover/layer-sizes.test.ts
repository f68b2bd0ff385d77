import t from 'tap';
import { systemClock } from '../../src/discover/clock.js';
import { createDockerClient } from '../../src/discover/docker-client.js';
import { createLayerSizes } from '../../src/discover/layer-sizes.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import { until } from './harness.js';

t.test('the size of a writable layer is what docker ps --size says', { skip: skipReason() }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  await docker.run(
    '--name',
    'writer',
    IMAGE,
    'sh',
    '-c',
    'dd if=/dev/zero of=/data bs=1000 count=70; sleep 1000',
  );
  await docker.run('--name', 'idle', IMAGE, 'sleep', '1000');
  const ids = [(await docker.inspect('writer')).Id, (await docker.inspect('idle')).Id];
  const client = createDockerClient({
    host: docker.host,
    env: {},
    homeDirectory: '/nonexistent',
    socketExists: () => true,
    timeoutSeconds: 20,
    keepLabel: () => false,
    clock: systemClock,
  });
  t.teardown(() => client.close());
  const sizes = createLayerSizes({
    client,
    clock: systemClock,
    intervalSeconds: 0.5,
    containerIds: () => [...ids, 'f'.repeat(64)],
  });
  sizes.start();
  t.teardown(() => sizes.stop());
  await until('the written bytes are told', () => sizes.bytesOf(ids[0] ?? '') === 70_000);
  await until('an idle container has written nothing', () => sizes.bytesOf(ids[1] ?? '') === 0);
  t.equal(sizes.bytesOf('f'.repeat(64)), undefined, 'a container that is not there has no size');
  const gone = ids.shift();
  await until(
    'the size of a container that is gone is forgotten',
    () => sizes.bytesOf(gone ?? '') === undefined,
  );
});
