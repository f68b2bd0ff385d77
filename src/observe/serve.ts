import type { SelfRecorder } from '../metrics/self.js';
import type { ServeObserver } from '../serve/scrape-source.js';

/** Counts what serving does. */
export function observeServing(recorder: SelfRecorder): ServeObserver {
  return {
    requestsInFlight: count => recorder.set('confined_http_requests_in_flight', {}, count),
    webConfigReloaded(ok, unixSeconds) {
      recorder.set('confined_config_last_reload_successful', {}, Number(ok));
      if (ok) recorder.set('confined_config_last_reload_success_timestamp_seconds', {}, unixSeconds);
    },
  };
}
