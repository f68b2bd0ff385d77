/**
 * A value that an option does not take. The message says what is wrong and what to write instead, and
 * follows the quoted value: `has no unit; write 10s`.
 */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}
