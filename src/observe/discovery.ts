import type { DiscoveryObserver } from '../discover/discovery.js';
import type { SelfRecorder } from '../metrics/self.js';

/** Counts what discovery does. */
export function observeDiscovery(recorder: SelfRecorder): DiscoveryObserver {
  return {
    dockerUp: up => recorder.set('confined_docker_up', {}, Number(up)),
    request(endpoint, code, seconds) {
      recorder.add('confined_docker_requests_total', { endpoint, code });
      recorder.observe('confined_docker_request_duration_seconds', { endpoint }, seconds);
    },
    eventStream: connected => recorder.set('confined_event_stream_connected', {}, Number(connected)),
    event: action => recorder.add('confined_events_total', { action }),
    reconciled: () => recorder.add('confined_reconciles_total', {}),
  };
}
