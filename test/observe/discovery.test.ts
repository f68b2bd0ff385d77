import t from 'tap';
import { observeDiscovery } from '../../src/observe/discovery.js';
import { record } from './recording.js';

t.test('what discovery does is counted', async t => {
  const { registry, exposition } = record();
  const observer = observeDiscovery(registry);
  t.strictSame((await exposition()).values('confined_docker_up'), [], 'absent where Docker is not asked');
  observer.dockerUp(true);
  observer.request('list', '200', 0.004);
  observer.request('list', '200', 0.2);
  observer.request('inspect', 'timeout', 10);
  observer.eventStream(true);
  observer.event('start');
  observer.event('start');
  observer.event('die');
  observer.reconciled();
  const said = await exposition();
  t.equal(said.value('confined_docker_up'), 1);
  t.equal(said.value('confined_docker_requests_total', { endpoint: 'list', code: '200' }), 2);
  t.equal(said.value('confined_docker_requests_total', { endpoint: 'inspect', code: 'timeout' }), 1);
  t.equal(said.value('confined_docker_request_duration_seconds_count', { endpoint: 'list' }), 2);
  t.equal(
    said.value('confined_docker_request_duration_seconds_bucket', { endpoint: 'list', le: '0.005' }),
    1,
  );
  t.equal(said.value('confined_event_stream_connected'), 1);
  t.equal(said.value('confined_events_total', { action: 'start' }), 2);
  t.equal(said.value('confined_events_total', { action: 'die' }), 1);
  t.equal(said.value('confined_reconciles_total'), 1);
  observer.dockerUp(false);
  observer.eventStream(false);
  t.equal((await exposition()).value('confined_docker_up'), 0);
  t.equal((await exposition()).value('confined_event_stream_connected'), 0);
});
