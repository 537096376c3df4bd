import { composeText } from './compose-text.ts';

/**
 * Why a text cannot be posted:
 * - `too_long`: more UTF-16 code units than any valid post could sensibly have. Nothing else was checked;
 * - `lone_surrogate`: half of a surrogate pair. It is not Unicode text and cannot be stored as UTF-8;
 * - `control_character`: a control character (C0, DEL, C1) other than a newline or a tab;
 * - `noncharacter`: U+FEFF, U+FFFE or U+FFFF inside the text, which twitter-text allows in no post;
 * - `empty`: nothing visible: at most white space and invisible characters.
 */
export type TextProblem = 'too_long' | 'lone_surrogate' | 'control_character' | 'noncharacter' | 'empty';

export type NormalisedText = { ok: true; text: string } | { ok: false; reason: TextProblem };

// A post of 280 letters decomposes to some hundreds of code units. The rest leaves room for a few long URLs.
const DEFAULT_MAX_RAW_LENGTH = 10_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for control characters.
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const NONCHARACTER = /[\ufeff\ufffe\uffff]/;
// U+2800 is a Braille cell without dots, U+FFA0 and the like are default-ignorable fillers.
const INVISIBLE_ONLY = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * Converts user input to the stored text: newlines as `\n` (from `\r\n` and `\r`), without leading or trailing white
 * space (or byte order marks), in normalisation form C. Everything inside stays as written: blank lines, double spaces,
 * joiners, directional marks. Must run before anything else reads the text.
 */
export function normaliseText(
  raw: string,
  options: { maxRawLength?: number | undefined } = {},
): NormalisedText {
  if (raw.length > (options.maxRawLength ?? DEFAULT_MAX_RAW_LENGTH)) return { ok: false, reason: 'too_long' };
  if (!raw.isWellFormed()) return { ok: false, reason: 'lone_surrogate' };
  // Composition creates no white space at the ends, so trimming once is enough.
  const text = composeText(raw.replaceAll(/\r\n?/g, '\n').trim());
  if (CONTROL_CHARACTER.test(text)) return { ok: false, reason: 'control_character' };
  if (NONCHARACTER.test(text)) return { ok: false, reason: 'noncharacter' };
  if (INVISIBLE_ONLY.test(text)) return { ok: false, reason: 'empty' };
  return { ok: true, text };
}
