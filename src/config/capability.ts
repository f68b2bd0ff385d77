import { capabilityBit, DOCKER_DEFAULT_CAPABILITIES } from '../model/capabilities.js';
import { InvalidValue } from './invalid-value.js';

/** The mask of a capability, or of a set of them that has a name. Throws {@link InvalidValue}. */
export function parseCapability(text: string): bigint {
  if (text === 'docker') return DOCKER_DEFAULT_CAPABILITIES;
  const mask = capabilityBit(text);
  if (mask === undefined) {
    throw new InvalidValue('is no capability; write one such as CAP_NET_ADMIN, docker, or none');
  }
  return mask;
}
