import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config/config.js';
import { escapeUnprintable } from './config/quote.js';

export type LogLevel = Config['logLevel'];
export type LogFormat = Config['logFormat'];

const STANDARD_OUTPUT = 1;
const MOST_UNWRITTEN_BYTES = 1_048_576;
const LONGEST_VALUE = 4096;
const DEEPEST_FIELD = 3;

/**
 * Builds the logger; each stage takes a child of it. Lines go to standard output, or to `destination`.
 * Where standard output is full or closed, lines are kept up to 1 MiB, then dropped: logging never throws.
 */
export function createLogger(
  level: LogLevel,
  format: LogFormat,
  destination: DestinationStream = standardOutput(),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
    },
    format === 'json' ? destination : { write: line => destination.write(`${toLogfmt(line)}\n`) },
  );
}

/** Synchronous, because the asynchronous writer retries for ever at exit when the disk is full. */
function standardOutput(): DestinationStream {
  const stream = pino.destination({
    dest: STANDARD_OUTPUT,
    sync: true,
    maxLength: MOST_UNWRITTEN_BYTES,
    retryEAGAIN: () => false,
  });
  // Without a listener, EPIPE or ENOSPC would end the process.
  stream.on('error', () => undefined);
  return stream;
}

/** Errors with a code are the system's or Docker's, and say enough without a stack; other fields may hold anything. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const message = error.message.slice(0, LONGEST_VALUE);
  return 'code' in error || 'statusCode' in error
    ? { type: error.name, message, code: 'code' in error ? error.code : error.statusCode }
    : { type: error.name, message, stack: error.stack?.slice(0, LONGEST_VALUE) };
}

/**
 * Turns one of pino's JSON lines into logfmt, in the order `time`, `level`, then the fields, with `msg` behind
 * the level as exporters of the Prometheus project have it. Nested fields are joined by dots.
 */
function toLogfmt(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const message = msg === undefined ? [] : [['msg', msg] as const];
  const pairs = [['time', time] as const, ['level', level] as const, ...message, ...Object.entries(fields)];
  return pairs.flatMap(([key, value]) => logfmtPairs(key, value, DEEPEST_FIELD)).join(' ');
}

function logfmtPairs(key: string, value: unknown, depth: number): string[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth > 0) {
    return Object.entries(value).flatMap(([name, inner]) => logfmtPairs(`${key}.${name}`, inner, depth - 1));
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [`${key.replace(/[^\w.-]/gu, '_')}=${logfmtValue(text.slice(0, LONGEST_VALUE))}`];
}

function logfmtValue(text: string): string {
  const escaped = escapeUnprintable(text);
  return escaped === text && /^[^\s=]+$/u.test(text) ? text : `"${escaped}"`;
}

/** Says that something is wrong once when it begins, again when its reason changes, and once when it is over. */
export interface ChangeLog {
  /** Warns, unless the same message was the last one for this key. */
  readonly failing: (key: string, message: string, fields?: object) => void;
  /** Informs, if the key was failing. */
  readonly recovered: (key: string, message: string, fields?: object) => void;
  /** Drops a key without a word, as when its container is gone. */
  readonly forget: (key: string) => void;
}

/**
 * Builds a {@link ChangeLog} that remembers at most `mostKeys` failing keys. Further ones are not logged, after one
 * warning that says so, because forgetting old keys would log all of them again at every poll.
 */
export function logOnChange(logger: Pick<Logger, 'warn' | 'info'>, mostKeys = 1000): ChangeLog {
  const lastMessages = new Map<string, string>();
  let saidFull = false;
  return {
    failing(key, message, fields = {}) {
      if (lastMessages.get(key) === message) {
        return;
      }
      if (lastMessages.has(key) || lastMessages.size < mostKeys) {
        lastMessages.set(key, message);
        logger.warn(fields, message);
      } else if (!saidFull) {
        saidFull = true;
        logger.warn(
          { failing: mostKeys },
          'Too many things fail at once; further failures are counted but not logged',
        );
      }
    },
    recovered(key, message, fields = {}) {
      if (lastMessages.delete(key)) {
        logger.info(fields, message);
        saidFull = false;
      }
    },
    forget(key) {
      lastMessages.delete(key);
    },
  };
}
