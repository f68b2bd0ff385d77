import t from 'tap';
import type { Config } from '../../src/config/config.js';
import { configOf, type Given } from './support.js';

t.test(
  'a flag wins over the environment, the environment over the file, the file over the default',
  async t => {
    const kinds: readonly {
      readonly name: string;
      readonly variable: string;
      readonly texts: readonly [flag: string, variable: string, file: string];
      readonly values: readonly [flag: unknown, variable: unknown, file: unknown, byDefault: unknown];
      readonly read: (config: Config) => unknown;
    }[] = [
      {
        name: 'poll.interval',
        variable: 'CONFINED_POLL_INTERVAL',
        texts: ['5s', '1m', '20s'],
        values: [5, 60, 20, 10],
        read: config => config.pollIntervalSeconds,
      },
      {
        name: 'web.max-requests',
        variable: 'CONFINED_WEB_MAX_REQUESTS',
        texts: ['0', '2', '3'],
        values: [0, 2, 3, 40],
        read: config => config.webMaxRequests,
      },
      {
        name: 'log.level',
        variable: 'CONFINED_LOG_LEVEL',
        texts: ['debug', 'warn', 'error'],
        values: ['debug', 'warn', 'error', 'info'],
        read: config => config.logLevel,
      },
      {
        name: 'path.rootfs',
        variable: 'CONFINED_PATH_ROOTFS',
        texts: ['/flag', '/variable/', '/file//'],
        values: ['/flag', '/variable', '/file', '/'],
        read: config => config.pathRootfs,
      },
      {
        name: 'web.config.file',
        variable: 'CONFINED_WEB_CONFIG_FILE',
        texts: ['flag.yml', 'variable.yml', 'file.yml'],
        values: ['flag.yml', 'variable.yml', 'file.yml', undefined],
        read: config => config.webConfigFile,
      },
      {
        name: 'web.listen-address',
        variable: 'CONFINED_WEB_LISTEN_ADDRESS',
        texts: [':1', '127.0.0.1:2,[::1]:3', ':4'],
        values: [
          [{ host: undefined, port: 1 }],
          [
            { host: '127.0.0.1', port: 2 },
            { host: '::1', port: 3 },
          ],
          [{ host: undefined, port: 4 }],
          [{ host: undefined, port: 10_401 }],
        ],
        read: config => config.webListenAddresses,
      },
    ];
    for (const { name, variable, texts, values, read } of kinds) {
      const argv = [`--${name}=${texts[0]}`];
      const env = { [variable]: texts[1] };
      const file = `${name}: '${texts[2]}'`;
      t.strictSame(read(configOf({ argv, env, file })), values[0], `${name}: flag`);
      t.strictSame(read(configOf({ env, file })), values[1], `${name}: environment`);
      t.strictSame(read(configOf({ file })), values[2], `${name}: file`);
      t.strictSame(read(configOf({})), values[3], `${name}: default`);
    }
  },
);

t.test('switches follow the same precedence', async t => {
  const read = (given: Given): boolean => configOf(given).collectors.has('cpu');
  const env = { CONFINED_COLLECTOR_CPU: 'true' };
  t.equal(read({ argv: ['--no-collector.cpu'], env, file: 'collector.cpu: true' }), false);
  t.equal(read({ env, file: 'collector.cpu: false' }), true);
  t.equal(read({ file: 'collector: {cpu: false}' }), false);
  t.equal(read({ argv: ['--collector.cpu=false'] }), false);
  t.equal(read({ env: { CONFINED_COLLECTOR_CPU: '0' } }), false);
});

t.test('DOCKER_HOST is used when nothing else names a Docker host', async t => {
  const env = { DOCKER_HOST: 'unix:///run/user/1000/docker.sock' };
  t.equal(configOf({ env }).dockerHost, 'unix:///run/user/1000/docker.sock');
  t.equal(configOf({ env, file: 'docker.host: tcp://proxy:2375' }).dockerHost, 'tcp://proxy:2375');
  t.equal(
    configOf({ argv: ['--docker.host=tcp://a:1'], env: { DOCKER_HOST: 'ssh://b' } }).dockerHost,
    'tcp://a:1',
  );
  t.equal(configOf({ argv: ['--discovery=cgroup'], env }).discovery, 'cgroup');
});
