import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { until } from './process.js';

/** A program that serves HTTP on loopback. */
export interface ServerProgram {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** What it logged. */
  log(): string;
  /** The body below its address as JSON; throws at any status but 200. */
  getJson(path: string): Promise<unknown>;
}

/** What to start, once its address and a directory for its files are known. */
export interface ServerSetup {
  readonly flags: readonly string[];
  /** The files of its directory, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Starts a program on a free port, waits until it says that it is ready at `/-/ready`, and ends it with the test. */
export async function startServerProgram(
  t: Pick<Test, 'teardown'>,
  command: string,
  setUp: (address: string, directory: string) => ServerSetup,
): Promise<ServerProgram> {
  const directory = mkdtempSync(join(tmpdir(), `confined-${command}-`));
  const address = `127.0.0.1:${await freePort()}`;
  const { flags, files } = setUp(address, directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const child = spawn(command, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<void>(resolve => {
    child.once('close', () => resolve());
  });
  const onExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', onExit);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
    process.removeListener('exit', onExit);
    rmSync(directory, { recursive: true, force: true });
  });
  await until(`${command} is ready`, async () => {
    if (child.exitCode !== null) return true;
    return (await fetch(`http://${address}/-/ready`)).status === 200;
  });
  if (child.exitCode !== null) throw new Error(`${command} ended: ${log}`);
  return {
    address,
    log: () => log,
    async getJson(path) {
      const response = await fetch(`http://${address}${path}`);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
      return JSON.parse(text);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
