import { InvalidValue } from './invalid-value.js';
import { LISTEN_ADDRESS_OPTION, parseListenAddress, type ListenAddress } from './listen-address.js';

/** Reads a listen address as a value of the option table, where the message does not repeat option and value. */
export function parseListenOption(text: string): ListenAddress {
  try {
    return parseListenAddress(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const repeated = `${LISTEN_ADDRESS_OPTION}=${JSON.stringify(text)} `;
    throw new InvalidValue(message.replace(repeated, () => '').replace('address: ', 'address; '), {
      cause: error,
    });
  }
}
