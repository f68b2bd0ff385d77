import t from 'tap';
import { resolveEndpoint } from '../../src/discover/docker-endpoint.js';

const here = { env: {}, homeDirectory: '/home/ann', socketExists: () => true };

t.test('the default sockets, in order: Docker, rootless, Docker Desktop, Podman', async t => {
  const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
  const order = [
    '/var/run/docker.sock',
    '/run/user/1000/docker.sock',
    '/home/ann/.docker/run/docker.sock',
    '/run/podman/podman.sock',
  ];
  order.forEach((socketPath, index) => {
    const socketExists = (path: string): boolean => order.indexOf(path) >= index;
    t.match(resolveEndpoint({ ...here, env, socketExists }), { kind: 'socket', socketPath });
  });
});

const addresses: [host: string, endpoint: object][] = [
  ['unix:///run/d.sock', { kind: 'socket', address: 'unix:///run/d.sock', socketPath: '/run/d.sock' }],
  ['/run/d.sock', { kind: 'socket', socketPath: '/run/d.sock' }],
  ['unix://', { kind: 'socket', socketPath: '/var/run/docker.sock' }],
  [
    'tcp://proxy:2375',
    { kind: 'tcp', protocol: 'http', host: 'proxy', port: 2375, address: 'tcp://proxy:2375' },
  ],
  ['proxy:2375', { kind: 'tcp', protocol: 'http', host: 'proxy', port: 2375 }],
  ['tcp://proxy', { kind: 'tcp', protocol: 'http', port: 2375 }],
  ['http://proxy', { kind: 'tcp', protocol: 'http', port: 80 }],
  ['https://proxy', { kind: 'tcp', protocol: 'https', port: 443 }],
  ['tcp://proxy:2376', { kind: 'tcp', protocol: 'https', port: 2376 }],
  ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, address: 'tcp://[::1]:2375' }],
];
for (const [host, endpoint] of addresses) {
  t.test(host, async t => t.match(resolveEndpoint({ ...here, host }), endpoint));
}

for (const host of ['ssh://root@far', 'npipe:////./pipe/docker_engine', 'tcp://', 'not an address']) {
  t.test(`refused: ${host}`, async t => {
    t.throws(() => resolveEndpoint({ ...here, host }), {
      message: `--docker.host=${host} is not an address of Docker: write unix:///path/to/docker.sock or tcp://host:port`,
    });
    t.throws(() => resolveEndpoint({ ...here, env: { DOCKER_HOST: host } }), { message: /^DOCKER_HOST=/ });
  });
}

t.test('TLS by the variables of the docker command', async t => {
  const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
  t.match(resolveEndpoint({ ...here, env, host: 'tcp://far:1234' }), {
    protocol: 'https',
    certificateDirectory: '/certs',
  });
  t.notOk(
    'certificateDirectory' in
      resolveEndpoint({ ...here, env: { DOCKER_CERT_PATH: '/certs' }, host: 'tcp://a:1' }),
  );
});
