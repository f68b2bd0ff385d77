#!/usr/bin/env node
import { homedir } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { loadConfig } from './config/load.js';
import { readTextFile } from './read/files.js';
import { readBuildInfo } from './version.js';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

const { env } = process;
const build = readBuildInfo();
const result = loadConfig({ argv: process.argv.slice(2), env, readTextFile });
switch (result.kind) {
  case 'help':
    process.stdout.write(result.text);
    break;
  case 'version':
    process.stdout.write(`confined ${build.version}${build.revision && ` (${build.revision})`}\n`);
    break;
  case 'errors':
    process.stderr.write(`${result.messages.map(message => `confined: ${message}`).join('\n')}\n`);
    process.exitCode = EXIT_USAGE;
    break;
  case 'config':
    if (result.config.command === 'healthcheck') await reportHealth(result.config);
    else await serve(result.config);
    break;
}

/** Runs twice a minute beside every daemon in a container: it loads nothing of what only the daemon needs. */
async function reportHealth(config: Config): Promise<void> {
  const { checkHealth } = await import('./serve/healthcheck.js');
  const problem = await checkHealth(config.webListenAddresses, config.dockerTimeoutSeconds);
  if (problem === undefined) return;
  process.stderr.write(`confined: ${problem}\n`);
  process.exitCode = EXIT_FAILURE;
}

async function serve(config: Config): Promise<void> {
  const { createLogger } = await import('./log.js');
  const { systemClock } = await import('./discover/clock.js');
  const { startDaemon } = await import('./daemon.js');
  const logger = createLogger(config.logLevel, config.logFormat);
  dieOfUnforeseenErrors(logger);
  logger.info({ ...build, node: process.version, pid: process.pid }, 'confined starts');
  try {
    const starting = startDaemon({
      config,
      build,
      env,
      homeDirectory: homedir(),
      logger,
      clock: systemClock,
    });
    // Before it listens: whoever sees that it does may send the signal, whose default is to end the process.
    process.on('SIGHUP', () => void starting.then(daemon => daemon.reload()).catch(() => undefined));
    const daemon = await starting;
    stopOn('SIGTERM', () => daemon.stop(), logger);
    stopOn('SIGINT', () => daemon.stop(), logger);
  } catch (error) {
    for (const line of messageOf(error).split('\n')) process.stderr.write(`confined: ${line}\n`);
    process.exit(EXIT_FAILURE);
  }
}

/** The first signal lets scrapes under way finish; the second one ends the process at once. */
function stopOn(signal: NodeJS.Signals, stop: () => Promise<void>, logger: Logger): void {
  process.once(signal, () => {
    logger.info({ signal }, 'stopping; a second signal ends at once');
    process.once('SIGTERM', () => process.exit(EXIT_FAILURE));
    process.once('SIGINT', () => process.exit(EXIT_FAILURE));
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(EXIT_FAILURE);
      },
    );
  });
}

/** An error that nobody foresaw leaves an unknown state behind: say so and end, for the supervisor to start anew. */
function dieOfUnforeseenErrors(logger: Logger): void {
  const die = (error: unknown): never => {
    logger.fatal({ err: error }, 'an unforeseen error; please report it');
    process.exit(EXIT_FAILURE);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
