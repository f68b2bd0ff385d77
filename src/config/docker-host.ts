import { InvalidValue } from './invalid-value.js';

const EXAMPLE = 'unix:///var/run/docker.sock or tcp://127.0.0.1:2375';

/**
 * Reads where the Docker API listens, as `DOCKER_HOST` writes it: `unix:///path`, `tcp://host:port`,
 * `http://host` or `https://host`. Throws {@link InvalidValue}.
 */
export function parseDockerHost(text: string): string {
  const scheme = /^([a-z]+):\/\//u.exec(text)?.[1];
  switch (scheme) {
    case 'unix':
      return unixSocket(text);
    case 'tcp':
    case 'http':
    case 'https':
      return networkAddress(text, scheme);
    case undefined:
      throw new InvalidValue(explainMissingScheme(text));
    default:
      throw new InvalidValue(`speaks ${scheme}, which confined does not; write ${EXAMPLE}`);
  }
}

function unixSocket(text: string): string {
  if (!/^unix:\/\/\/[^\0]+$/u.test(text)) {
    throw new InvalidValue('does not name a socket by its absolute path; write unix:///var/run/docker.sock');
  }
  return text;
}

function networkAddress(text: string, scheme: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || /\s/u.test(text)) {
    throw new InvalidValue(`is not an address; write ${EXAMPLE}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidValue(
      'holds a user name or password, which Docker does not take; write the address alone',
    );
  }
  if (scheme === 'tcp' && url.port === '') {
    throw new InvalidValue('names no port; write tcp://HOST:2375');
  }
  return text;
}

function explainMissingScheme(text: string): string {
  return /^\/[\w./-]{1,100}$/u.test(text)
    ? `has no scheme; write unix://${text}`
    : `has no scheme; write ${EXAMPLE}`;
}
