import type { Logger } from 'pino';
import { CONTAINER_STATES } from '../discover/container.js';
import type { Container } from '../discover/container.js';
import type { HostFacts } from '../poll/host.js';
import { logOnChange } from '../log.js';
import type { ChangeLog } from '../log.js';
import type { SelfRecorder } from '../metrics/self.js';
import type { Unverified } from '../model/confinement/controls.js';
import type { Snapshot } from '../model/sample.js';
import type { CollectorTimings } from '../poll/collector-timings.js';
import type { PollObserver } from '../poll/poller.js';
import { SAMPLED_COLLECTORS } from '../poll/reporter.js';
import type { Collector, PollReporter } from '../poll/reporter.js';
import type { ReadFailure } from '../read/files.js';

const ADVICE = {
  forbidden: 'a kernel file may not be read: its values are absent; run with more rights to have them',
  descriptors: 'no file descriptor is free: raise the limit of open files or lower --read.held-files',
  oversized: 'a kernel file is larger than a megabyte and was not read',
  other: 'a kernel file could not be read',
};
const NO_CGROUP =
  'the cgroup of a running container is not found below --path.cgroupfs: mount that of its host there';
const NO_PROCESS =
  'the first process of a running container is not found below --path.procfs: mount the /proc of its host there';
const BLIND =
  "no process of any container can be seen, so that nothing is known of their confinement: share the host's pid namespace (docker run --pid host, hostPID: true), and mount its /proc without hidepid";
const MAY_TRACE = 'the namespaces and root directories of all processes may be read (CAP_SYS_PTRACE)';
const MAY_NOT_TRACE =
  "the namespaces and root directories of other users' processes may not be read and count as unverified; what confines them otherwise is exported; add CAP_SYS_PTRACE to have it all";

/** Counts, times and logs what polls meet. A failure that goes on is logged once. */
export class PollRecorder implements PollObserver, PollReporter {
  readonly #recorder: SelfRecorder;
  readonly #collectors: readonly Collector[];
  readonly #changes: ChangeLog;
  readonly #logger: Logger;
  #mayTrace: boolean | undefined;
  readonly #failed = new Set<Collector | 'host'>();
  #lost = new Set<string>();
  #lostBefore = new Set<string>();

  constructor(recorder: SelfRecorder, collectors: ReadonlySet<string>, logger: Logger) {
    this.#recorder = recorder;
    this.#collectors = SAMPLED_COLLECTORS.filter(collector => collectors.has(collector));
    this.#changes = logOnChange(logger);
    this.#logger = logger;
  }

  readFailed(collector: Collector | 'host', file: string, reason: ReadFailure, path: string): void {
    if (reason === 'missing' || reason === 'unsupported') return;
    this.#recorder.add('confined_read_errors_total', { file, reason });
    // A container that ends while it is read is everyday life.
    if (reason === 'gone') return;
    this.#failed.add(collector);
    this.#changes.failing(`${file} ${reason}`, ADVICE[reason], { file, reason, path });
  }

  parseFailed(collector: Collector | 'host', file: string, message: string, path: string): void {
    this.#failed.add(collector);
    this.#recorder.add('confined_parse_errors_total', { file });
    this.#changes.failing(`${file} parse`, `a kernel file is not understood: ${message}`, { file, path });
  }

  nothingRead(collector: Collector): void {
    this.#failed.add(collector);
  }

  cgroupNotFound(container: Container): void {
    for (const collector of this.#collectors) this.#failed.add(collector);
    this.#lose(container, NO_CGROUP);
  }

  processNotFound(container: Container): void {
    this.#failed.add('confinement').add('network');
    this.#lose(container, NO_PROCESS);
  }

  hostRead({ confinement }: HostFacts): void {
    if (confinement.mayTrace === this.#mayTrace) return;
    this.#mayTrace = confinement.mayTrace;
    if (!this.#collectors.includes('confinement')) return;
    if (confinement.mayTrace) this.#logger.info(MAY_TRACE);
    else this.#logger.warn(MAY_NOT_TRACE);
  }

  unverified({ id, name }: Container, controls: Unverified): void {
    const reasons = Object.fromEntries(controls);
    this.#logger.debug({ container: name, id, reasons }, 'what could not be verified of a container');
  }

  containerFailed({ id, name }: Container, error: unknown): void {
    for (const collector of this.#collectors) this.#failed.add(collector);
    this.#changes.failing(`container ${id}`, 'a container could not be read; the others go on', {
      container: name,
      id,
      error,
    });
  }

  polled(seconds: number, timings: CollectorTimings, snapshot: Snapshot): void {
    this.#tellBlindness(snapshot);
    this.#recorder.observe('confined_poll_duration_seconds', {}, seconds);
    for (const collector of this.#collectors) {
      this.#recorder.set('confined_collector_success', { collector }, Number(!this.#failed.has(collector)));
      this.#recorder.set('confined_collector_duration_seconds', { collector }, timings.seconds[collector]);
    }
    const states = new Map<string | undefined, number>(CONTAINER_STATES.map(state => [state, 0]));
    for (const { container } of snapshot.containers)
      states.set(container?.state, (states.get(container?.state) ?? 0) + 1);
    for (const state of CONTAINER_STATES)
      this.#recorder.set('confined_containers', { state }, states.get(state));
    this.#failed.clear();
    this.#lostBefore = this.#lost;
    this.#lost = new Set();
  }

  /** Seeing no process of any container is not a matter of rights but of where the daemon runs. */
  #tellBlindness({ containers }: Snapshot): void {
    const looked = containers.flatMap(({ confinement }) => confinement ?? []);
    const unseen = looked.filter(({ unverified }) => unverified.has('seccomp'));
    if (unseen.length > 0) this.#failed.add('confinement');
    if (unseen.length > 0 && unseen.length === looked.length) this.#changes.failing(BLIND, BLIND);
    else if (looked.length > 0) this.#changes.recovered(BLIND, 'processes of containers can be seen again');
  }

  /** A container may end between discovery and reading; one that stays lost for a second poll is worth a word. */
  #lose({ id, name }: Container, message: string): void {
    this.#lost.add(id);
    if (this.#lostBefore.has(id)) this.#changes.failing(message, message, { container: name, id });
  }
}
