import type { Logger } from 'pino';
import { CONTAINER_STATES } from './discover/container.js';
import type { DiscoveryObserver } from './discover/discovery.js';
import { logOnChange } from './log.js';
import type { SelfRecorder } from './metrics/self.js';
import type { Collector, PollReporter } from './poll/reporter.js';
import { SAMPLED_COLLECTORS } from './poll/reporter.js';
import type { PollObserver } from './poll/poller.js';
import type { ServeObserver } from './serve/scrape-source.js';

/** Counts what discovery does. */
export function discoveryObserver(recorder: SelfRecorder): DiscoveryObserver {
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

/** Counts what serving does. */
export function serveObserver(recorder: SelfRecorder): ServeObserver {
  return {
    requestsInFlight: count => recorder.set('confined_http_requests_in_flight', {}, count),
    webConfigReloaded(ok, unixSeconds) {
      recorder.set('confined_config_last_reload_successful', {}, Number(ok));
      if (ok) recorder.set('confined_config_last_reload_success_timestamp_seconds', {}, unixSeconds);
    },
  };
}

/** Counts, times and logs what polls meet; a failure that goes on is logged once. */
export function pollObserver(
  recorder: SelfRecorder,
  collectors: ReadonlySet<string>,
  logger: Logger,
): PollObserver & PollReporter {
  const changes = logOnChange(logger);
  const failed = new Set<Collector | 'host'>();
  return {
    readFailed(collector, file, reason, path) {
      if (reason === 'missing' || reason === 'unsupported') return;
      recorder.add('confined_read_errors_total', { file, reason });
      // A container that ends while it is read is everyday life.
      if (reason === 'gone') return;
      failed.add(collector);
      changes.failing(`${file} ${reason}`, READ_ADVICE[reason], { file, reason, path });
    },
    parseFailed(collector, file, message, path) {
      failed.add(collector);
      recorder.add('confined_parse_errors_total', { file });
      changes.failing(`${file} parse`, `a kernel file is not understood: ${message}`, { file, path });
    },
    nothingRead: collector => void failed.add(collector),
    containerFailed(container, error) {
      changes.failing(`container ${container.id}`, 'a container could not be read; the others go on', {
        container: container.name,
        id: container.id,
        error,
      });
    },
    polled(seconds, timings, snapshot) {
      recorder.observe('confined_poll_duration_seconds', {}, seconds);
      for (const collector of SAMPLED_COLLECTORS) {
        if (!collectors.has(collector)) continue;
        recorder.set('confined_collector_success', { collector }, Number(!failed.has(collector)));
        recorder.set('confined_collector_duration_seconds', { collector }, timings.seconds[collector]);
      }
      failed.clear();
      for (const state of CONTAINER_STATES) {
        const count = snapshot.containers.filter(sample => sample.container?.state === state).length;
        recorder.set('confined_containers', { state }, count);
      }
    },
  };
}

const READ_ADVICE = {
  forbidden: 'a kernel file may not be read: its values are absent; run with more rights to have them',
  descriptors: 'no file descriptor is free: raise the limit of open files or lower --read.held-files',
  oversized: 'a kernel file is larger than a megabyte and was not read',
  other: 'a kernel file could not be read',
};
