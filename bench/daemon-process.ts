import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ProbeReport } from './probe.js';

const PROBE = new URL('probe.js', import.meta.url).href;
/** From `.cache/bench/bench/`, where this file is compiled to. */
const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

/** The real daemon in a process of its own. */
export class DaemonProcess {
  /** From the start of the process to its first line of log that says where it listens. */
  readonly startMilliseconds: number;
  private readonly process: ChildProcess;
  private readonly url: string;
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(process: ChildProcess, url: string, startMilliseconds: number) {
    this.process = process;
    this.url = url;
    this.startMilliseconds = startMilliseconds;
  }

  static async start(...options: readonly string[]): Promise<DaemonProcess> {
    const begun = performance.now();
    const daemon = spawn(
      process.execPath,
      [
        ...nodeFlags(),
        '--import',
        PROBE,
        MAIN,
        '--web.listen-address=127.0.0.1:0',
        '--log.format=json',
        ...options,
      ],
      { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    );
    if (daemon.stdout === null) throw new Error('the daemon has no standard output');
    for await (const line of createInterface({ input: daemon.stdout })) {
      const { url } = JSON.parse(line) as { url?: string };
      if (url !== undefined) return new DaemonProcess(daemon, url, performance.now() - begun);
    }
    throw new Error('the daemon ended before it listened');
  }

  /** Starts to watch for stalls, until the next report. */
  watch(): void {
    this.process.send('watch');
  }

  async report(): Promise<ProbeReport> {
    const answer = once(this.process, 'message');
    this.process.send('report');
    const [report] = (await answer) as [ProbeReport];
    return report;
  }

  /** One scrape as Prometheus does it, gzip included; answers how long it took and how much came. */
  async scrape(encoding = 'gzip'): Promise<{ milliseconds: number; body: Buffer }> {
    const begun = performance.now();
    const headers = { 'Accept-Encoding': encoding };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${this.url}/metrics`, { agent: this.agent, headers }, resolve).on('error', reject);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    if (response.statusCode !== 200) throw new Error(`a scrape was answered with ${response.statusCode}`);
    return { milliseconds: performance.now() - begun, body: Buffer.concat(chunks) };
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }
}

/** The flags that `npm start` gives to node. */
function nodeFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  return /exec node (.*) \S+$/.exec(scripts.start)?.[1]?.split(' ') ?? [];
}
