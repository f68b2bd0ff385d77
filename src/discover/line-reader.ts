import { StringDecoder } from 'node:string_decoder';
import { DockerError } from './docker-error.js';

/** Cuts a stream of bytes into lines of text. */
export interface LineReader {
  /** The lines that this chunk completes, without empty ones. Throws DockerError on a line over the limit. */
  push(chunk: Uint8Array): string[];
}

/** Chunks may end inside a UTF-8 sequence; what follows the last newline waits for the next chunk. */
export function createLineReader(maxLength: number): LineReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLength || lines.some(line => line.length > maxLength)) {
        throw new DockerError('malformed', `Docker sent an event line longer than ${maxLength} characters`);
      }
      return lines.map(line => line.trim()).filter(line => line !== '');
    },
  };
}
