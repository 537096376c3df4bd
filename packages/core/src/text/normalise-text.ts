import { composeText } from './compose-text.ts';

/**
 * Why a text cannot be posted:
 * - `too_long`: more UTF-16 code units than any valid post could sensibly have; nothing else has been looked at;
 * - `lone_surrogate`: half of a surrogate pair: it is no Unicode text and cannot be stored as UTF-8;
 * - `control_character`: a control character (C0, DEL, C1) other than a newline or a tab;
 * - `noncharacter`: U+FEFF, U+FFFE or U+FFFF inside of the text, which twitter-text allows in no post;
 * - `empty`: nothing that can be seen: white space and invisible characters at most.
 */
export type TextProblem = 'too_long' | 'lone_surrogate' | 'control_character' | 'noncharacter' | 'empty';

export type NormalisedText = { ok: true; text: string } | { ok: false; reason: TextProblem };

// A post of 280 letters decomposes to some hundreds of code units; what remains is room for a couple of long URLs.
const DEFAULT_MAX_RAW_LENGTH = 10_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const NONCHARACTER = /[\ufeff\ufffe\uffff]/;
// U+2800 is a Braille cell without dots, U+FFA0 and the like are default-ignorable fillers.
const INVISIBLE_ONLY = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * Makes a text that somebody wrote into the text that is stored: newlines as `\n` (from `\r\n` and `\r`), without white
 * space (or byte order marks) at its two ends, in normalisation form C. What is inside stays as written: blank lines,
 * double blanks, joiners, directional marks. To be called before anything else looks at the text.
 */
export function normaliseText(
  raw: string,
  options: { maxRawLength?: number | undefined } = {},
): NormalisedText {
  if (raw.length > (options.maxRawLength ?? DEFAULT_MAX_RAW_LENGTH)) return { ok: false, reason: 'too_long' };
  if (!raw.isWellFormed()) return { ok: false, reason: 'lone_surrogate' };
  // Composition may bring no white space to the ends, so trimming once is enough.
  const text = composeText(raw.replaceAll(/\r\n?/g, '\n').trim());
  if (CONTROL_CHARACTER.test(text)) return { ok: false, reason: 'control_character' };
  if (NONCHARACTER.test(text)) return { ok: false, reason: 'noncharacter' };
  if (INVISIBLE_ONLY.test(text)) return { ok: false, reason: 'empty' };
  return { ok: true, text };
}
