const LONGEST_SHOWN = 100;
const CREDENTIALS = /\/\/[^/@\s]*@/gu;
const UNPRINTABLE = /["\\]|[\p{C}\p{Zl}\p{Zp}]/gu;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A user's text in quotes, for a message; see {@link show}. */
export function quote(text: string): string {
  return `"${show(text)}"`;
}

/** A user's text for a message: on one line, at most 100 characters of it, without the credentials of a URL. */
export function show(text: string): string {
  const hidden = text.slice(0, 4 * LONGEST_SHOWN).replace(CREDENTIALS, '//***@');
  return escapeUnprintable(hidden.length > LONGEST_SHOWN ? `${hidden.slice(0, LONGEST_SHOWN)}…` : hidden);
}

/** Escapes quotes, backslashes, line breaks and everything that could move a terminal's cursor. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, character => SHORT_ESCAPES.get(character) ?? escapeCodePoint(character));
}

function escapeCodePoint(character: string): string {
  const hexadecimal = (character.codePointAt(0) ?? 0).toString(16);
  return hexadecimal.length > 4 ? `\\u{${hexadecimal}}` : `\\u${hexadecimal.padStart(4, '0')}`;
}
