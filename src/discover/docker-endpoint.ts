import { DockerError } from './docker-error.js';

/** Where the Docker Engine API is served. `address` is how a user would write it. */
export type DockerEndpoint =
  | { readonly kind: 'socket'; readonly address: string; readonly socketPath: string }
  | {
      readonly kind: 'tcp';
      readonly address: string;
      readonly protocol: 'http' | 'https';
      readonly host: string;
      readonly port: number;
      /** Set where TLS certificates were configured by `DOCKER_CERT_PATH`. */
      readonly certificateDirectory?: string;
    };

export interface EndpointOptions {
  /** `--docker.host`; goes before `DOCKER_HOST`. */
  readonly host?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly socketExists: (path: string) => boolean;
}

/** The endpoint that was asked for, else the first default socket that exists. Throws DockerError. */
export function resolveEndpoint(options: EndpointOptions): DockerEndpoint {
  const { host, env } = options;
  if (host !== undefined && host !== '') {
    return parseEndpoint(host, '--docker.host', env);
  }
  const fromEnvironment = env['DOCKER_HOST'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return parseEndpoint(fromEnvironment, 'DOCKER_HOST', env);
  }
  const candidates = defaultSockets(options);
  const socketPath = candidates.find(options.socketExists);
  if (socketPath === undefined) {
    throw new DockerError(
      'missing',
      `no Docker socket: looked at ${candidates.join(', ')}; start Docker or name its socket with --docker.host`,
    );
  }
  return socketEndpoint(socketPath);
}

/** Docker of the host, rootless Docker, Docker Desktop, then Podman. */
function defaultSockets({ env, homeDirectory }: EndpointOptions): string[] {
  const runtimeDirectory = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtimeDirectory === undefined || runtimeDirectory === '' ? [] : [`${runtimeDirectory}/docker.sock`]),
    `${homeDirectory}/.docker/run/docker.sock`,
    '/run/podman/podman.sock',
  ];
}

function parseEndpoint(value: string, option: string, env: EndpointOptions['env']): DockerEndpoint {
  if (value.startsWith('/')) {
    return socketEndpoint(value);
  }
  if (value.startsWith('unix://')) {
    return socketEndpoint(value.slice('unix://'.length) || '/var/run/docker.sock');
  }
  const text = value.includes('://') ? value : `tcp://${value}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || !['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    throw new DockerError(
      'other',
      `${option}=${value} is not an address of Docker: write unix:///path/to/docker.sock or tcp://host:port`,
    );
  }
  return tcpEndpoint(url, env);
}

function socketEndpoint(socketPath: string): DockerEndpoint {
  return { kind: 'socket', address: `unix://${socketPath}`, socketPath };
}

function tcpEndpoint(url: URL, env: EndpointOptions['env']): DockerEndpoint {
  const certificateDirectory = env['DOCKER_CERT_PATH'];
  const verified = (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
  const secure = url.protocol === 'https:' || url.port === '2376' || verified;
  const port = url.port === '' ? defaultPort(url.protocol, secure) : Number(url.port);
  return {
    kind: 'tcp',
    address: `tcp://${url.hostname}:${port}`,
    protocol: secure ? 'https' : 'http',
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port,
    ...(secure &&
      certificateDirectory !== undefined &&
      certificateDirectory !== '' && { certificateDirectory }),
  };
}

function defaultPort(protocol: string, secure: boolean): number {
  if (protocol === 'tcp:') {
    return secure ? 2376 : 2375;
  }
  return secure ? 443 : 80;
}
