/** Why a request failed, short enough for a metric's label: one of these words or an HTTP status such as `403`. */
export type DockerErrorCode =
  'timeout' | 'refused' | 'missing' | 'forbidden' | 'reset' | 'malformed' | 'other' | `${number}`;

/** A request to the Docker Engine API that failed. The message is one line and says what to do about it. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly code: DockerErrorCode;

  constructor(code: DockerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The daemon, or a proxy before it, answered with an HTTP error. */
  get answered(): boolean {
    return /^\d+$/.test(this.code);
  }
}

/** The failure of a connection to `endpoint` (an address as a user writes it), whatever was thrown. */
export function connectionError(error: unknown, endpoint: string): DockerError {
  if (error instanceof DockerError) {
    return error;
  }
  const code = systemCode(error);
  const known = SYSTEM_CODES[code];
  if (known === undefined) {
    const label = code.startsWith('HPE_') ? 'malformed' : 'other';
    return new DockerError(label, `request to Docker at ${endpoint} failed: ${describe(error)}`, {
      cause: error,
    });
  }
  return new DockerError(known, ADVICE[known](endpoint), { cause: error });
}

const SYSTEM_CODES: Readonly<Record<string, Advised>> = {
  ENOENT: 'missing',
  ECONNREFUSED: 'refused',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ETIMEDOUT: 'timeout',
};

type Advised = 'missing' | 'refused' | 'forbidden' | 'reset' | 'timeout';

const ADVICE: Readonly<Record<Advised, (endpoint: string) => string>> = {
  missing: endpoint => `no Docker socket at ${endpoint}: start Docker or name its socket with --docker.host`,
  refused: endpoint => `nothing listens at ${endpoint}: start the Docker daemon`,
  forbidden: endpoint =>
    `no permission to open ${endpoint}: run as root or as a member of the group that owns the socket, usually docker`,
  reset: endpoint => `Docker at ${endpoint} closed the connection: see the log of the Docker daemon`,
  timeout: endpoint => `no connection to Docker at ${endpoint}: check that the host can be reached`,
};

/** What was thrown as one line of bounded length. */
export function describe(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

/** Control characters become spaces, and the text is cut to a length that suits a log line. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
    .trim();
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
