/** A metric about the daemon or its host, which the daemon itself counts. */
export interface SelfMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence with a full stop. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
}

/** Every metric about the daemon and its host: the one list of them. Without labels, a gauge is absent until it is set. */
export const SELF_METRICS = [
  {
    name: 'confined_build_info',
    type: 'gauge',
    help: 'What runs: always 1.',
    labels: ['version', 'revision', 'node_version'],
  },
  {
    name: 'confined_docker_up',
    type: 'gauge',
    help: 'Whether the last full list of containers could be had from the Docker API; absent where it is not asked.',
    labels: [],
  },
  {
    name: 'confined_docker_requests_total',
    type: 'counter',
    help: 'Requests to the Docker API by HTTP status, or by the reason why there is none.',
    labels: ['endpoint', 'code'],
  },
  {
    name: 'confined_docker_request_duration_seconds',
    type: 'histogram',
    help: 'How long requests to the Docker API took, in seconds.',
    labels: ['endpoint'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5],
  },
  {
    name: 'confined_event_stream_connected',
    type: 'gauge',
    help: "Whether Docker's events arrive as they happen; without them changes are seen at the next full list.",
    labels: [],
  },
  {
    name: 'confined_events_total',
    type: 'counter',
    help: 'Events that Docker sent about containers.',
    labels: ['action'],
  },
  {
    name: 'confined_reconciles_total',
    type: 'counter',
    help: 'Full lists of containers that were compared with what was known.',
    labels: [],
  },
  { name: 'confined_containers', type: 'gauge', help: 'Containers known, by state.', labels: ['state'] },
  {
    name: 'confined_poll_duration_seconds',
    type: 'histogram',
    help: 'How long it took to read all containers once, in seconds.',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  },
  {
    name: 'confined_snapshot_age_seconds',
    type: 'gauge',
    help: 'Age of the values of this scrape, in seconds.',
    labels: [],
  },
  {
    name: 'confined_collector_success',
    type: 'gauge',
    help: 'Whether the collector could read what it needs of every container in the last poll.',
    labels: ['collector'],
  },
  {
    name: 'confined_collector_duration_seconds',
    type: 'gauge',
    help: 'Time that the collector took in the last poll, summed over containers, in seconds.',
    labels: ['collector'],
  },
  {
    name: 'confined_read_errors_total',
    type: 'counter',
    help: 'Kernel files that could not be read, by file and reason; files that this kernel does not have are no errors.',
    labels: ['file', 'reason'],
  },
  {
    name: 'confined_parse_errors_total',
    type: 'counter',
    help: 'Kernel files that were read but not understood.',
    labels: ['file'],
  },
  { name: 'confined_series', type: 'gauge', help: 'Container series in this scrape.', labels: [] },
  {
    name: 'confined_series_dropped_total',
    type: 'counter',
    help: 'Container series left out of scrapes because there were more than --metrics.max-series.',
    labels: [],
  },
  {
    name: 'confined_file_descriptors_held',
    type: 'gauge',
    help: 'Kernel files that are held open between polls.',
    labels: [],
  },
  {
    name: 'confined_config_last_reload_successful',
    type: 'gauge',
    help: 'Whether the last attempt to load the web configuration file succeeded.',
    labels: [],
  },
  {
    name: 'confined_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the web configuration file was last loaded with success, in unix time.',
    labels: [],
  },
  {
    name: 'confined_http_requests_in_flight',
    type: 'gauge',
    help: 'Scrapes that are being answered.',
    labels: [],
  },
  {
    name: 'confined_unmanaged_namespaces',
    type: 'gauge',
    help: "Namespaces in use that are neither the host's nor those of a known container, each counted once; absent without the right to look.",
    labels: ['namespace'],
  },
  {
    name: 'confined_host_info',
    type: 'gauge',
    help: 'What confines processes on this host, and whether all of it can be read (ptrace): always 1.',
    labels: [
      'kernel',
      'lsm',
      'cgroup',
      'seccomp',
      'last_capability',
      'docker_version',
      'security_options',
      'ptrace',
    ],
  },
  { name: 'machine_cpu_cores', type: 'gauge', help: 'Online CPUs of the host.', labels: [] },
  { name: 'machine_memory_bytes', type: 'gauge', help: 'Memory of the host, in bytes.', labels: [] },
] as const satisfies readonly SelfMetric[];

type Row = (typeof SELF_METRICS)[number];
type NameOf<Type extends SelfMetric['type']> = Extract<Row, { type: Type }>['name'];
type LabelsOf<Name extends Row['name']> = Readonly<
  Record<Extract<Row, { name: Name }>['labels'][number], string>
>;

/** Takes the daemon's own figures; names and labels are those of {@link SELF_METRICS}. */
export interface SelfRecorder {
  add<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  /** An undefined value makes the series absent. */
  set<Name extends NameOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, value: number | undefined): void;
  observe<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, value: number): void;
}
