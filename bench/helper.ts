import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A small C program that answers lines with lines. */
export class Helper {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;

  constructor(program: string, ...args: readonly string[]) {
    this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  send(text: string): void {
    this.process.stdin.write(text);
  }

  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error(`${this.process.spawnfile} ended early`);
    return value;
  }

  /** Ends it without waiting, as a signal handler must. */
  kill(): void {
    this.process.kill('SIGKILL');
  }
}

/** Compiles a program of this directory with the system's C compiler; answers the path of the executable. */
export function compile(sources: string, name: string, directory: string): string {
  const program = join(directory, name);
  execFileSync('cc', ['-O2', '-Wall', '-o', program, join(sources, `${name}.c`)]);
  return program;
}
