import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync } from 'node:fs';
import { copyFileSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killQuietly, mountsBelow, processesOf, readQuietly } from './leftovers.js';

const execFileAsync = promisify(execFile);

/** The image that every daemon has: a static busybox and links for its applets. */
export const IMAGE = 'busybox';
const APPLETS = [
  'sh',
  'sleep',
  'cat',
  'dd',
  'echo',
  'false',
  'true',
  'httpd',
  'kill',
  'ls',
  'mkdir',
  'mount',
];
const MORE_APPLETS = [
  'nc',
  'ps',
  'rm',
  'test',
  'touch',
  'umount',
  'wget',
  'yes',
  'id',
  'su',
  'chroot',
  'nproc',
];

/** A Docker daemon of the test's own, apart from any other on the machine. */
export interface DockerDaemon {
  readonly socketPath: string;
  /** As DOCKER_HOST takes it. */
  readonly host: string;
  /** Holds all that the daemon writes. */
  readonly directory: string;
  /** `docker <arguments>`; answers its trimmed output. */
  cli(...args: readonly string[]): Promise<string>;
  /** `docker run --detach --network none <arguments>`, where the arguments end with an image and a command; answers the id. */
  run(...args: readonly string[]): Promise<string>;
  /** `docker inspect <container>`. */
  inspect(container: string): Promise<InspectedByCli>;
  /** Sends a signal to dockerd alone; its containers do not get it. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts dockerd again after it was killed. */
  restart(): Promise<void>;
  /** Removes the containers, ends the daemon, and leaves nothing behind. */
  stop(): Promise<void>;
}

/** The fields that tests ask for; the rest is there as well. */
export interface InspectedByCli {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: { readonly Status: string; readonly Pid: number; readonly StartedAt: string };
  readonly [field: string]: unknown;
}

/**
 * Why no daemon can be started here, for tap's `skip`; false where one can. With CONFINED_TEST_DOCKER=required
 * it throws instead.
 */
export function skipReason(): string | false {
  const reason = missing();
  if (reason !== false && process.env['CONFINED_TEST_DOCKER'] === 'required') {
    throw new Error(`CONFINED_TEST_DOCKER=required, but ${reason}`);
  }
  return reason;
}

function missing(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'a Docker daemon needs root on Linux';
  }
  const absent = ['dockerd', 'docker', 'containerd', 'runc', 'busybox', 'setpriv', 'tar', 'umount'].filter(
    name => findProgram(name) === undefined,
  );
  return absent.length > 0 && `a Docker daemon needs ${absent.join(', ')}, not found in PATH`;
}

function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return directories.map(directory => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ready when it resolves: about three seconds. `daemonArguments` go to dockerd, such as `--live-restore`. */
export async function startDockerDaemon(daemonArguments: readonly string[] = []): Promise<DockerDaemon> {
  // A short path: the sockets below it must fit into 107 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'cfd-'));
  const daemon = new Daemon(directory, daemonArguments);
  const onExit = (): void => daemon.destroy();
  process.once('exit', onExit);
  daemon.onStopped = () => process.removeListener('exit', onExit);
  try {
    await daemon.start();
    await daemon.importImage();
  } catch (error) {
    daemon.destroy();
    daemon.onStopped();
    throw error;
  }
  return daemon;
}

class Daemon implements DockerDaemon {
  readonly directory: string;
  readonly socketPath: string;
  readonly host: string;
  onStopped: () => void = () => undefined;
  readonly #arguments: readonly string[];
  #storageDriver = 'overlay2';
  #process: ChildProcess | undefined;

  constructor(directory: string, daemonArguments: readonly string[]) {
    this.directory = directory;
    this.socketPath = join(directory, 'docker.sock');
    this.host = `unix://${this.socketPath}`;
    this.#arguments = daemonArguments;
  }

  async start(): Promise<void> {
    this.#spawn();
    if (await this.#ready()) {
      return;
    }
    this.#storageDriver = 'vfs';
    this.#end('SIGKILL');
    this.#spawn();
    if (!(await this.#ready())) {
      throw new Error(`dockerd did not start:\n${this.log().slice(-4000)}`);
    }
  }

  log(): string {
    return readFileSync(join(this.directory, 'log'), 'utf8');
  }

  async importImage(): Promise<void> {
    const root = join(this.directory, 'image');
    for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
      mkdirSync(join(root, name), { recursive: true });
    }
    copyFileSync(findProgram('busybox') ?? 'busybox', join(root, 'bin/busybox'));
    for (const applet of [...APPLETS, ...MORE_APPLETS]) {
      symlinkSync('busybox', join(root, 'bin', applet));
    }
    const archive = join(this.directory, 'image.tar');
    await execFileAsync('tar', ['-C', root, '-cf', archive, '.']);
    await this.cli('import', archive, IMAGE);
  }

  async cli(...args: readonly string[]): Promise<string> {
    const { stdout } = await execFileAsync('docker', ['--host', this.host, ...args], {
      env: { PATH: process.env['PATH'], DOCKER_CONFIG: join(this.directory, 'config') },
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  }

  run(...args: readonly string[]): Promise<string> {
    return this.cli('run', '--detach', '--network', 'none', ...args);
  }

  async inspect(container: string): Promise<InspectedByCli> {
    const [inspected] = JSON.parse(await this.cli('inspect', container)) as [InspectedByCli];
    return inspected;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#process?.kill(signal);
    if (signal === 'SIGKILL') {
      await this.#ended();
    }
  }

  async restart(): Promise<void> {
    await this.#ended();
    rmSync(join(this.directory, 'pid'), { force: true });
    this.#forgetContainerd();
    this.#spawn();
    if (!(await this.#ready())) {
      throw new Error(`dockerd did not start again:\n${this.log().slice(-4000)}`);
    }
  }

  async stop(): Promise<void> {
    try {
      this.#process?.kill('SIGCONT');
      if (!this.#running()) {
        await this.restart();
      }
      const ids = (await this.cli('ps', '--all', '--quiet')).split('\n').filter(id => id !== '');
      if (ids.length > 0) {
        await this.cli('rm', '--force', '--volumes', ...ids);
      }
      this.#process?.kill('SIGTERM');
      await Promise.race([this.#ended(), delay(15_000, undefined, { ref: false })]);
    } finally {
      this.destroy();
      this.onStopped();
    }
  }

  /** Ends by force what is left, without waiting; also at the exit of the test. */
  destroy(): void {
    this.#end('SIGKILL');
    for (const pid of processesOf(this.directory)) {
      killQuietly(pid);
    }
    for (const mountPoint of mountsBelow(this.directory)) {
      execFileSync('umount', ['--lazy', mountPoint], { stdio: 'ignore' });
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #spawn(): void {
    const log = openSync(join(this.directory, 'log'), 'a');
    this.#process = spawn(
      // With the test process dies the daemon, however that ends: tap's timeout is a signal.
      'setpriv',
      [
        '--pdeathsig=TERM',
        'dockerd',
        `--host=${this.host}`,
        `--data-root=${join(this.directory, 'data')}`,
        `--exec-root=${join(this.directory, 'exec')}`,
        `--pidfile=${join(this.directory, 'pid')}`,
        '--bridge=none',
        '--iptables=false',
        '--ip6tables=false',
        `--storage-driver=${this.#storageDriver}`,
        `--containerd-namespace=confined-${process.pid}`,
        '--shutdown-timeout=3',
        ...this.#arguments,
      ],
      // A group of its own, so that an interrupt from the terminal does not reach it before the test.
      { stdio: ['ignore', log, log], detached: true },
    );
    closeSync(log);
    // An end without a listener would be an unhandled error.
    this.#process.on('error', () => undefined);
  }

  /** containerd dies with dockerd; while nobody has reaped it, the next dockerd takes it for alive. */
  #forgetContainerd(): void {
    const pidFile = join(this.directory, 'exec/containerd/containerd.pid');
    if (!readQuietly(`/proc/${readQuietly(pidFile).trim()}/cmdline`).includes(this.directory)) {
      rmSync(pidFile, { force: true });
    }
  }

  async #ready(): Promise<boolean> {
    for (let attempt = 0; attempt < 300 && this.#running(); attempt += 1) {
      if (existsSync(this.socketPath) && (await this.#answers())) {
        return true;
      }
      await delay(100);
    }
    return false;
  }

  async #answers(): Promise<boolean> {
    try {
      await this.cli('version', '--format', '{{.Server.Version}}');
      return true;
    } catch {
      return false;
    }
  }

  #running(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  async #ended(): Promise<void> {
    while (this.#running()) {
      await delay(20);
    }
  }

  #end(signal: NodeJS.Signals): void {
    if (this.#running()) {
      this.#process?.kill(signal);
    }
  }
}
