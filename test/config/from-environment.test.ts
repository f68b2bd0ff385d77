import t from 'tap';
import { configOf, load, messagesOf } from './support.js';

t.test('an empty environment variable is unset', async t => {
  const env = { CONFINED_POLL_INTERVAL: '', CONFINED_WEB_LISTEN_ADDRESS: ' , ', CONFINED_TYPO: '' };
  const config = configOf({ env, file: 'poll.interval: 7s' });
  t.equal(config.pollIntervalSeconds, 7);
  t.strictSame(config.webListenAddresses, [{ host: undefined, port: 10_401 }]);
});

t.test('lists in the environment are separated by commas or line breaks', async t => {
  const env = { CONFINED_CONTAINER_EXCLUDE: 'name=a, image=b\nlabel=c\n' };
  t.strictSame(
    configOf({ env }).containerExclude.map(({ field }) => field),
    ['name', 'image', 'label'],
  );
});

t.test('what Kubernetes sets for a service called confined is no mistake', async t => {
  const env = {
    CONFINED_SERVICE_HOST: '10.0.0.7',
    CONFINED_SERVICE_PORT: '10401',
    CONFINED_SERVICE_PORT_METRICS: '10401',
    CONFINED_PORT: 'tcp://10.0.0.7:10401',
    CONFINED_PORT_10401_TCP: 'tcp://10.0.0.7:10401',
    CONFINED_PORT_10401_TCP_PROTO: 'tcp',
    CONFINED_PORT_10401_TCP_PORT: '10401',
    CONFINED_PORT_10401_TCP_ADDR: '10.0.0.7',
    CONFINED_WEB_SERVICE_HOST: '10.0.0.8',
  };
  t.equal(load({ env }).kind, 'config');
});

t.test('mistakes in the environment', async t => {
  const environments: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ CONFINED_POLL_INTERVAL: '5' }, 'CONFINED_POLL_INTERVAL: "5" has no unit; write 5s for seconds'],
    [
      { CONFINED_COLLECTOR_CPU: 'yes' },
      'CONFINED_COLLECTOR_CPU: "yes" is neither on nor off; write true or false',
    ],
    [
      { CONFINED_CONTAINER_LABEL: 'team,none' },
      'CONFINED_CONTAINER_LABEL: "none" stands beside other values; write it alone, or leave it out',
    ],
    [
      { CONFINED_POLL_INTERVALL: '5s' },
      'CONFINED_POLL_INTERVALL: is not an option; write CONFINED_POLL_INTERVAL',
    ],
    [
      { CONFINED_POLICY_ENGINE_URL: 'x' },
      'CONFINED_POLICY_ENGINE_URL: is not an option; see confined --help',
    ],
    [{ CONFINED_PORT: '10401' }, 'CONFINED_PORT: is not an option; see confined --help'],
    [
      { DOCKER_HOST: 'ssh://host' },
      'DOCKER_HOST: "ssh://host" speaks ssh, which confined does not; write unix:///var/run/docker.sock or tcp://127.0.0.1:2375',
    ],
  ];
  for (const [env, message] of environments) {
    t.strictSame(messagesOf({ env }), [message], JSON.stringify(env));
  }
});
