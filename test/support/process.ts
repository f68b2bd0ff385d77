import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** Long enough for a machine that does much else. */
const PATIENCE_SECONDS = 60;

/** How a process ended: its exit code, or the signal that ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** On top of an environment that holds nothing but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** What comes before `node`, such as `setpriv --reuid=65534`. */
  readonly wrapper?: readonly string[];
  readonly nodeArguments?: readonly string[];
  /** Where the daemon listens; a free port of loopback unless said otherwise. */
  readonly listenAddress?: string;
}

/** A line of the log in JSON. */
export interface LoggedLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The program as users run it, compiled into a directory of its own. */
export class Program {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Starts it with these arguments and waits for its end. */
  async run(programArguments: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return await this.spawn(programArguments, options).ended;
  }

  /** Starts the daemon, and waits until it listens; the test's end ends it. */
  async start(t: Test, flags: readonly string[], options: StartOptions = {}): Promise<RunningProgram> {
    const address = `--web.listen-address=${options.listenAddress ?? '127.0.0.1:0'}`;
    const running = this.spawn([address, '--log.format=json', ...flags], options);
    t.teardown(() => running.kill());
    await until('it listens', () => running.logged('listening').length > 0 || running.hasEnded);
    if (running.hasEnded) throw new Error(`it ended: ${JSON.stringify(await running.ended)}`);
    return running;
  }

  spawn(programArguments: readonly string[], options: StartOptions = {}): RunningProgram {
    const { wrapper = [], nodeArguments = [] } = options;
    const [command = '', ...rest] = [
      ...wrapper,
      process.execPath,
      ...nodeArguments,
      join(this.directory, 'dist/main.js'),
      ...programArguments,
    ];
    const env = { PATH: process.env['PATH'], ...options.env };
    return new RunningProgram(spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }
}

export class RunningProgram {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.process = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    const onExit = (): boolean => child.kill('SIGKILL');
    process.once('exit', onExit);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        process.removeListener('exit', onExit);
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** The lines of its log; what is no JSON is left out. */
  get log(): readonly LoggedLine[] {
    return this.stdout.split('\n').flatMap(line => (line.startsWith('{') ? [parseLine(line)] : []));
  }

  logged(message: string | RegExp): readonly LoggedLine[] {
    return this.log.filter(({ msg }) => (typeof message === 'string' ? msg === message : message.test(msg)));
  }

  /** `127.0.0.1:<port>`. */
  get address(): string {
    return String(this.logged('listening')[0]?.['address']);
  }

  get url(): string {
    return String(this.logged('listening')[0]?.['url']);
  }

  async fetch(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(this.url + path);
    return { status: response.status, text: await response.text() };
  }

  /** Waits until it is ready to be scraped. */
  async ready(): Promise<void> {
    await until('it is ready', async () => (await this.fetch('/-/ready')).status === 200);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  async kill(): Promise<void> {
    if (!this.hasEnded) this.process.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }

  /** How many descriptors the kernel says that it holds. */
  descriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** The memory that it has resident, in bytes (`/proc/<pid>/status` VmRSS). */
  residentBytes(): number {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]);
  }
}

function parseLine(line: string): LoggedLine {
  return JSON.parse(line) as LoggedLine;
}

/** Compiles the program as it stands; the test's end removes it. Types are checked elsewhere. */
export function buildProgram(t: Test): Program {
  const directory = mkdtempSync(join(tmpdir(), 'confined-program-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  // Some tests run it as another user.
  chmodSync(directory, 0o755);
  copyFileSync(join(REPOSITORY, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
  const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const flags = ['--project', 'tsconfig.build.json', '--noCheck', '--incremental', 'false'];
  execFileSync(process.execPath, [compiler, ...flags, '--outDir', join(directory, 'dist')], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Program(directory);
}

/** Waits until something holds; throws when it does not come in time, with the last error where it threw. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds = PATIENCE_SECONDS,
): Promise<void> {
  let problem: unknown = '';
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await delay(50)) {
    try {
      if (await condition()) return;
      problem = '';
    } catch (error) {
      problem = error;
    }
  }
  throw new Error(`not within ${seconds} s: ${what} ${String(problem)}`);
}
