import type { Config } from './config.js';
import { formatDuration } from './duration.js';
import type { FIELD_OPTIONS } from './options.js';

type OptionName = (typeof FIELD_OPTIONS)[number]['name'];

/** Where an option was set; absent where it has its default. */
type OriginOf = (name: OptionName) => string | undefined;

/** Two options that do not go together: a message, or nothing where they do. */
type Check = (config: Config, originOf: OriginOf) => string | undefined;

const CHECKS: readonly Check[] = [
  repeatedListenAddress,
  slowerThanSlow,
  timeoutBeyondReconcile,
  unusedDockerHost,
  nothingCollected,
];

/** Looks for options that contradict each other. Returns one message for each pair. */
export function crossCheck(config: Config, originOf: OriginOf): readonly string[] {
  return CHECKS.map(check => check(config, originOf)).filter(message => message !== undefined);
}

function repeatedListenAddress({ webListenAddresses }: Config, originOf: OriginOf): string | undefined {
  const addresses = webListenAddresses
    .filter(({ port }) => port !== 0)
    .map(({ host = '', port }) => `${host}:${port}`);
  const repeated = addresses.find((address, index) => addresses.indexOf(address) !== index);
  return repeated === undefined
    ? undefined
    : `${at('web.listen-address', originOf)}: "${repeated}" is given twice; write it once`;
}

function slowerThanSlow(config: Config, originOf: OriginOf): string | undefined {
  const { pollIntervalSeconds, pollSlowIntervalSeconds } = config;
  if (pollSlowIntervalSeconds >= pollIntervalSeconds) {
    return undefined;
  }
  const interval = formatDuration(pollIntervalSeconds);
  const slow = formatDuration(pollSlowIntervalSeconds);
  return `${at('poll.slow-interval', originOf)}: "${slow}" is shorter than poll.interval, which is ${interval}; write ${interval} or more`;
}

function timeoutBeyondReconcile(config: Config, originOf: OriginOf): string | undefined {
  const { dockerTimeoutSeconds, dockerReconcileIntervalSeconds } = config;
  if (dockerTimeoutSeconds <= dockerReconcileIntervalSeconds) {
    return undefined;
  }
  const interval = formatDuration(dockerReconcileIntervalSeconds);
  const timeout = formatDuration(dockerTimeoutSeconds);
  return `${at('docker.timeout', originOf)}: "${timeout}" is longer than docker.reconcile-interval, which is ${interval}; write ${interval} or less`;
}

function unusedDockerHost({ discovery }: Config, originOf: OriginOf): string | undefined {
  const origin = originOf('docker.host');
  return discovery !== 'cgroup' || origin === undefined || origin === 'DOCKER_HOST'
    ? undefined
    : `${origin}: is not used, because discovery is cgroup; leave it out, or write --discovery=docker`;
}

function nothingCollected({ collectors }: Config, originOf: OriginOf): string | undefined {
  return collectors.size > 0
    ? undefined
    : `${at('collector.disable-defaults', originOf)}: no collector is left; switch one on, such as --collector.cpu`;
}

function at(name: OptionName, originOf: OriginOf): string {
  return originOf(name) ?? `--${name}`;
}
