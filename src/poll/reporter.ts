import { COLLECTORS } from '../config/collectors.js';
import type { CollectorName } from '../config/collectors.js';
import type { Container } from '../discover/container.js';
import type { Unverified } from '../model/confinement/controls.js';
import type { ReadFailure } from '../read/files.js';

/** The parts of a poll that succeed, fail and are timed apart from one another. */
export type Collector = Exclude<CollectorName, 'identity' | 'root' | 'percpu'>;

export const SAMPLED_COLLECTORS: readonly Collector[] = COLLECTORS.map(collector => collector.name).filter(
  name => name !== 'identity' && name !== 'root' && name !== 'percpu',
);

/** Takes note of what went wrong while a container was read; never throws. */
export interface PollReporter {
  /** `file` is the kernel's name for the file, `path` the very file. A missing file is no failure. */
  readFailed(collector: Collector | 'host', file: string, failure: ReadFailure, path: string): void;
  parseFailed(collector: Collector | 'host', file: string, message: string, path: string): void;
  /** A running container has no cgroup here: nothing of it can be read. */
  cgroupNotFound(container: Container): void;
  /** The first process of a running container is not here: how it is confined cannot be read. */
  processNotFound(container: Container): void;
  /** What of a container's confinement could not be read, and why; called when that becomes another. */
  unverified(container: Container, controls: Unverified): void;
  /** None of the files that the collector wants of a container could be read. */
  nothingRead(collector: Collector): void;
}
