import t from 'tap';
import { observeServing } from '../../src/observe/serve.js';
import { record } from './recording.js';

t.test('what serving does is counted', async t => {
  const { registry, exposition } = record();
  const observer = observeServing(registry);
  observer.requestsInFlight(2);
  observer.webConfigReloaded(true, 1_795_473_598);
  t.equal((await exposition()).value('confined_http_requests_in_flight'), 2);
  t.equal((await exposition()).value('confined_config_last_reload_successful'), 1);
  observer.webConfigReloaded(false, 1_795_473_700);
  observer.requestsInFlight(0);
  const said = await exposition();
  t.equal(said.value('confined_http_requests_in_flight'), 0);
  t.equal(said.value('confined_config_last_reload_successful'), 0);
  t.equal(
    said.value('confined_config_last_reload_success_timestamp_seconds'),
    1_795_473_598,
    'that of the last success',
  );
});
