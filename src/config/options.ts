import { parseCapability } from './capability.js';
import { COLLECTOR_OPTIONS } from './collectors.js';
import { parseContainerFilter } from './container-filter.js';
import { parseDockerHost } from './docker-host.js';
import { parseGlob } from './glob.js';
import { boolean, choice, duration, integer, listOf, value } from './kinds.js';
import { parseListenOption } from './listen-option.js';
import { GROUPS, type FieldOption, type Option } from './option.js';
import { parseAbsolutePath, parsePath, parseTelemetryPath } from './paths.js';

const DAY_SECONDS = 86_400;

/**
 * The one table of options. A row yields the flag, the environment variable, the key of the file, the lines in
 * `--help` and in docs/configuration.md, and the field of the configuration with its type.
 */
export const FIELD_OPTIONS = [
  {
    name: 'config.file',
    field: 'configFile',
    group: 'Configuration file',
    kind: value('PATH', parsePath),
    notInFile: true,
    help: 'YAML file with any of the options below.',
  },
  {
    name: 'web.listen-address',
    field: 'webListenAddresses',
    group: 'Web server',
    kind: listOf(value('ADDRESS', parseListenOption)),
    default: [':10401'],
    help: 'Address to listen on; without a host, all addresses of the machine.',
  },
  {
    name: 'web.telemetry-path',
    field: 'webTelemetryPath',
    group: 'Web server',
    kind: value('PATH', parseTelemetryPath),
    default: '/metrics',
    help: 'Path that metrics are served at.',
  },
  {
    name: 'web.config.file',
    field: 'webConfigFile',
    group: 'Web server',
    kind: value('PATH', parsePath),
    help: 'Web configuration file of the Prometheus exporter toolkit, which switches on TLS and basic authentication.',
  },
  {
    name: 'web.max-requests',
    field: 'webMaxRequests',
    group: 'Web server',
    kind: integer({ min: 0 }),
    default: '40',
    help: 'Scrapes answered at the same time; the next one is told to come back (503), and 0 removes the limit.',
  },
  {
    name: 'web.response-timeout',
    field: 'webResponseTimeoutSeconds',
    group: 'Web server',
    kind: duration({ min: 1, max: DAY_SECONDS }),
    default: '30s',
    help: 'A client that reads nothing of its response for this long is disconnected.',
  },
  {
    name: 'web.shutdown-grace',
    field: 'webShutdownGraceSeconds',
    group: 'Web server',
    kind: duration({ min: 0, max: DAY_SECONDS }),
    default: '5s',
    help: 'How long a termination signal waits for scrapes under way; Docker kills 10 seconds after the signal.',
  },
  {
    name: 'web.disable-exporter-metrics',
    field: 'webDisableExporterMetrics',
    group: 'Web server',
    kind: boolean(),
    default: 'false',
    help: "Leave out the metrics of confined's own process (process_* and nodejs_*).",
  },
  {
    name: 'log.level',
    field: 'logLevel',
    group: 'Logging',
    kind: choice(['debug', 'info', 'warn', 'error']),
    default: 'info',
    help: 'Log only messages of this severity or above.',
  },
  {
    name: 'log.format',
    field: 'logFormat',
    group: 'Logging',
    kind: choice(['logfmt', 'json']),
    default: 'logfmt',
    help: 'Form of the log lines on standard output.',
  },
  {
    name: 'poll.interval',
    field: 'pollIntervalSeconds',
    group: 'Polling',
    kind: duration({ min: 1, max: DAY_SECONDS }),
    default: '10s',
    help: 'How often the processes of all containers are looked at between scrapes, so that none is missed; what containers use is read by scrapes.',
  },
  {
    name: 'poll.slow-interval',
    field: 'pollSlowIntervalSeconds',
    group: 'Polling',
    kind: duration({ min: 1, max: DAY_SECONDS }),
    default: '60s',
    help: 'How often facts that rarely change are read again: limits other than that of memory, and of processes that are known namespaces, root directories and mounts; what Docker tells to have changed is read at once.',
  },
  {
    name: 'poll.max-age',
    field: 'pollMaxAgeSeconds',
    group: 'Polling',
    kind: duration({ min: 0, max: DAY_SECONDS }),
    default: '1s',
    help: 'A scrape is answered from values up to this old; 0s reads all containers for every scrape.',
  },
  {
    name: 'discovery',
    field: 'discovery',
    group: 'Discovery',
    kind: choice(['auto', 'docker', 'cgroup']),
    default: 'auto',
    help: 'Where containers are found: the Docker API, the cgroup tree alone, or Docker with the cgroup tree to fall back on (auto).',
  },
  {
    name: 'docker.host',
    field: 'dockerHost',
    group: 'Discovery',
    kind: value('URL', parseDockerHost, 'A unix://, tcp://, http:// or https:// address.'),
    fallbackVariable: 'DOCKER_HOST',
    help: "Where the Docker API listens; unset, Docker's usual sockets are tried.",
  },
  {
    name: 'docker.timeout',
    field: 'dockerTimeoutSeconds',
    group: 'Discovery',
    kind: duration({ min: 0.1, max: DAY_SECONDS }),
    default: '5s',
    help: 'How long one call to the Docker API may take.',
  },
  {
    name: 'docker.reconcile-interval',
    field: 'dockerReconcileIntervalSeconds',
    group: 'Discovery',
    kind: duration({ min: 1, max: DAY_SECONDS }),
    default: '30s',
    help: 'How often the full list of containers is fetched, in case an event was lost.',
  },
  {
    name: 'container.include',
    field: 'containerInclude',
    group: 'Containers',
    kind: listOf(value('FILTER', parseContainerFilter)),
    default: [],
    help: 'Watch only containers that match one of these filters: GLOB or name=GLOB, image=GLOB, label=KEY, label=KEY=GLOB.',
  },
  {
    name: 'container.exclude',
    field: 'containerExclude',
    group: 'Containers',
    kind: listOf(value('FILTER', parseContainerFilter)),
    default: [],
    help: 'Leave out containers that match one of these filters, even if they are included.',
  },
  {
    name: 'container.label',
    field: 'containerLabels',
    group: 'Containers',
    kind: listOf(value('GLOB', parseGlob), 'none'),
    default: ['com.docker.compose.project', 'com.docker.compose.service', 'com.docker.swarm.service.name'],
    help: 'Export container labels that match one of these globs, as container_label_*.',
  },
  {
    name: 'container.label-max-length',
    field: 'containerLabelMaxLengthBytes',
    group: 'Containers',
    kind: integer({ min: 1, max: 65_536 }),
    default: '1024',
    help: 'Length in bytes of UTF-8 at which the value of a container label is cut off.',
  },
  {
    name: 'collector.disable-defaults',
    field: 'collectorDisableDefaults',
    group: 'Collectors',
    kind: boolean(),
    default: 'false',
    help: 'Switch off every collector that is not switched on by name.',
  },
  {
    name: 'path.procfs',
    field: 'pathProcfs',
    group: 'Paths and limits',
    kind: value('DIRECTORY', parseAbsolutePath),
    default: '/proc',
    help: "Where the host's proc file system is mounted.",
  },
  {
    name: 'path.cgroupfs',
    field: 'pathCgroupfs',
    group: 'Paths and limits',
    kind: value('DIRECTORY', parseAbsolutePath),
    default: '/sys/fs/cgroup',
    help: "Where the host's cgroup file systems are mounted.",
  },
  {
    name: 'path.rootfs',
    field: 'pathRootfs',
    group: 'Paths and limits',
    kind: value('DIRECTORY', parseAbsolutePath),
    default: '/',
    help: "Where the host's root file system is mounted.",
  },
  {
    name: 'confinement.capability-baseline',
    field: 'confinementCapabilityBaseline',
    group: 'Confinement',
    kind: listOf(value('CAPABILITY', parseCapability), 'none'),
    default: ['docker'],
    help: 'Capability that is usual and so not counted as extra: a name, or docker for the 14 that Docker gives by default.',
  },
  {
    name: 'read.held-files',
    field: 'readHeldFiles',
    group: 'Paths and limits',
    kind: integer({ min: 0, max: 1_048_576 }),
    default: '32768',
    help: 'Kernel files that are kept open between polls, which makes reading them cheaper, at about 26 for a container and 5 kB of kernel memory each; 0 keeps none open.',
  },
  {
    name: 'metrics.max-series',
    field: 'metricsMaxSeries',
    group: 'Paths and limits',
    kind: integer({ min: 0 }),
    default: '0',
    help: 'Series exported at most; those beyond are dropped and counted, and 0 removes the limit.',
  },
] as const satisfies readonly FieldOption[];

/** Every option, in the order of `--help`. */
export const OPTIONS: readonly Option[] = GROUPS.flatMap(group =>
  [...FIELD_OPTIONS, ...COLLECTOR_OPTIONS].filter(option => option.group === group),
);
