import { readFileSync, readdirSync } from 'node:fs';
import { failureOf } from '../../src/read/kernel-file.js';
import type { KernelFile, KernelFiles } from '../../src/read/kernel-file.js';

/** What a read brought: the content, or the reason why there is none. */
export function answer(files: KernelFiles, length: number): string {
  return length < 0 ? failureOf(length) : Buffer.from(files.bytes.subarray(0, length)).toString('latin1');
}

export const readOf = (files: KernelFiles, file: KernelFile): string => answer(files, file.read());
export const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

/** A program that has just been started still changes its memory map. */
export async function untilAsleep(pid: number | undefined): Promise<void> {
  await untilTrue(() =>
    /^Name:\tsleep\n[\s\S]*^State:\tS/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
  );
}

export async function untilTrue(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries === 500) throw new Error('waited in vain');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
