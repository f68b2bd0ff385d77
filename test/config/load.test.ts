import * as fc from 'fast-check';
import t from 'tap';
import { loadConfig } from '../../src/config/load.js';
import { configOf, messagesOf } from './support.js';

t.test('runs without any configuration', async t => {
  const { containerLabels, collectors, ...config } = configOf({});
  t.strictSame(config, {
    command: 'serve',
    configFile: undefined,
    webListenAddresses: [{ host: undefined, port: 10_401 }],
    webTelemetryPath: '/metrics',
    webConfigFile: undefined,
    webMaxRequests: 40,
    webResponseTimeoutSeconds: 30,
    webShutdownGraceSeconds: 5,
    webDisableExporterMetrics: false,
    logLevel: 'info',
    logFormat: 'logfmt',
    pollIntervalSeconds: 10,
    pollSlowIntervalSeconds: 60,
    pollMaxAgeSeconds: 1,
    discovery: 'auto',
    dockerHost: undefined,
    dockerTimeoutSeconds: 5,
    dockerReconcileIntervalSeconds: 30,
    containerInclude: [],
    containerExclude: [],
    containerLabelMaxLengthBytes: 1024,
    collectorDisableDefaults: false,
    pathProcfs: '/proc',
    pathCgroupfs: '/sys/fs/cgroup',
    pathRootfs: '/',
    readHeldFiles: 32768,
    confinementCapabilityBaseline: [0xa80425fbn],
    metricsMaxSeries: 0,
  });
  const labels = [
    'com.docker.compose.project',
    'com.docker.compose.service',
    'com.docker.swarm.service.name',
  ];
  t.equal(containerLabels.length, labels.length);
  t.ok(labels.every(label => containerLabels.some(pattern => pattern.test(label))));
  t.strictSame([...collectors].sort(), [
    'blkio',
    'confinement',
    'cpu',
    'identity',
    'memory',
    'network',
    'pressure',
    'processes',
    'root',
  ]);
});

t.test('--container.label=none exports no container label', async t => {
  t.strictSame(configOf({ argv: ['--container.label=none'] }).containerLabels, []);
  t.strictSame(configOf({ env: { CONFINED_CONTAINER_LABEL: 'none' } }).containerLabels, []);
});

t.test('--collector.disable-defaults leaves the collectors that are named', async t => {
  const argv = ['--collector.disable-defaults', '--collector.disk'];
  t.strictSame([...configOf({ argv, env: { CONFINED_COLLECTOR_CPU: 'true' } }).collectors], ['cpu', 'disk']);
});

t.test('the type of each field comes from its row', async t => {
  const config = configOf({});
  const seconds: number = config.pollIntervalSeconds;
  const level: 'debug' | 'info' | 'warn' | 'error' = config.logLevel;
  // @ts-expect-error without a default, a field may be absent
  const file: string = config.webConfigFile;
  // @ts-expect-error there is no such field
  t.equal(config.pollInterval, undefined);
  t.strictSame([seconds, level, file], [10, 'info', undefined]);
});

t.test('a file that cannot be read', async t => {
  const reasons: readonly (readonly [string, string])[] = [
    ['ENOENT', 'does not exist; create it, or leave the option out'],
    ['EACCES', 'may not be read by this user; change its permissions'],
    ['EISDIR', 'is a directory; write the path of a file'],
    ['EIO', 'cannot be read (EIO); write the path of a readable file'],
  ];
  for (const [code, reason] of reasons) {
    const readTextFile = (): string => {
      throw Object.assign(new Error(code), { code });
    };
    t.strictSame(loadConfig({ argv: ['--config.file', '/etc/x.yml'], env: {}, readTextFile }), {
      kind: 'errors',
      messages: [`--config.file: "/etc/x.yml" ${reason}`],
    });
    t.strictSame(loadConfig({ argv: [], env: { CONFINED_CONFIG_FILE: '/etc/x.yml' }, readTextFile }), {
      kind: 'errors',
      messages: [`CONFINED_CONFIG_FILE: "/etc/x.yml" ${reason}`],
    });
  }
});

t.test('all mistakes of all sources come together, even those that another source hides', async t => {
  const messages = messagesOf({
    argv: ['--log.level=debug', '--colector.cpu', '--poll.interval=5'],
    env: { CONFINED_LOG_LEVEL: 'loud', CONFINED_POLL_MAX_AG: '1s' },
    file: 'log.level: quiet\npoll.interval: 6\n',
  });
  t.strictSame(messages, [
    '--colector.cpu: is not an option; write --collector.cpu',
    'CONFINED_POLL_MAX_AG: is not an option; write CONFINED_POLL_MAX_AGE',
    'CONFINED_LOG_LEVEL: "loud" is not one of its values; write debug, info, warn or error',
    'confined.yml:1:12: log.level: "quiet" is not one of its values; write debug, info, warn or error',
    '--poll.interval: "5" has no unit; write 5s for seconds',
    'confined.yml:2:16: poll.interval: "6" has no unit; write 6s for seconds',
  ]);
});

const WORDS = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '--',
    '-',
    '-h',
    '--help',
    '--version',
    '--no-',
    '--=',
    'healthcheck',
    '--__proto__',
    '--constructor=1',
  ),
  fc.constantFrom(
    '--poll.interval',
    '--poll.interval=5s',
    '--no-collector.cpu',
    '--container.label=none',
    '--config.file=x',
  ),
);
const TEXTS = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a: &x [*x]', '? [1]: 2', '!!js x', 'web: web', '- 1', '<<: {a: 1}'),
);

t.test('never throws, whatever the command line, the environment and the file hold', async t => {
  const known = fc.constantFrom(
    'CONFINED_POLL_INTERVAL',
    'CONFINED_DOCKER_HOST',
    'CONFINED_X',
    'DOCKER_HOST',
    '__proto__',
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.array(WORDS),
        fc.dictionary(known, fc.string({ unit: 'binary' })),
        TEXTS,
        (argv, env, text) => {
          const result = loadConfig({
            argv,
            env: { CONFINED_CONFIG_FILE: 'x', ...env },
            readTextFile: () => text,
          });
          return (
            result.kind !== 'errors' ||
            result.messages.every(message => !/[\p{Cc}\u2028\u2029]/u.test(message))
          );
        },
      ),
      { numRuns: 1000 },
    ),
  );
});
