import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** From now on, all temporary files of this process are made in a directory of its own; answers how to remove it. */
export function ownTemporaryDirectory(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'confined-scale-'));
  process.env['TMPDIR'] = directory;
  // A program that is being killed may still write.
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
