/** The visible replacement of a control character. */
function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (control === '\n') return control;
  if (control === '\t') return ' ';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

/**
 * Makes untrusted text safe to print: removes escape sequences that move the cursor, rename the window or simulate
 * keyboard input, and invisible characters that reorder text. Keeps line breaks.
 */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    // Directional marks, embeddings, overrides and isolates; the byte order mark.
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replaceAll(/[\u2028\u2029]/gu, ' ')
    .replaceAll(/\p{Cc}/gu, picture);

/** Like `plain`, on one line: a line break cannot forge a second line of output. */
export const plainLine = (text: string): string => plain(text).replaceAll(/ *\n */gu, ' ');

/** JSON without terminal control characters; the same value to every parser. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
