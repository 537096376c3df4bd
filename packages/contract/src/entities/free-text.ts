import { plainText } from './primitives.ts';

const codePoints = (value: string): number => {
  let count = 0;
  for (const _ of value) count++;
  return count;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for control characters.
const controlCharacter = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
const noncharacter = /[\ufeff\ufffe\uffff]/;
/** Embeddings, overrides and isolates, which also reorder the surrounding text. Directional marks are harmless. */
const bidiControl = /[\u202a-\u202e\u2066-\u2069]/;
const lineBreak = /[\n\u2028\u2029]/;
/** The flags of England, Scotland and others: a black flag, tags, and the tag that terminates them. */
const tagFlag = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}/gu;
const tagCharacter = /[\u{e0000}-\u{e007f}]/u;
// The same as in `normaliseText` of the core for posts.
const invisibleOnly = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

interface FreeTextOptions {
  /** Whether line breaks are allowed, as in a bio. */
  readonly lines?: boolean;
}

/**
 * A name or description of at most `max` code points: a single line, or several with `lines`. Parses into the stored
 * form: trimmed, with line feeds, in normalisation form C. Rejects text that manipulates its surroundings (control
 * characters, bidirectional controls, tag characters) or that only looks empty. Allows the empty string.
 */
export const freeText = (max: number, { lines = false }: FreeTextOptions = {}) =>
  plainText()
    .max(max * 2)
    .refine((value) => !invisibleOnly.test(value), {
      error: 'must not consist of invisible characters alone',
      params: { code: 'empty' },
    })
    .overwrite((value) => value.replaceAll(/\r\n?/g, '\n').trim().normalize())
    .refine((value) => !controlCharacter.test(value), {
      error: 'must not contain control characters',
      params: { code: 'control_character' },
    })
    .refine((value) => !noncharacter.test(value), {
      error: 'must not contain Unicode noncharacters',
      params: { code: 'noncharacter' },
    })
    .refine((value) => !bidiControl.test(value), {
      error: 'must not contain bidirectional embeddings, overrides or isolates',
      params: { code: 'bidi_control' },
    })
    .refine((value) => !tagCharacter.test(value.replaceAll(tagFlag, '')), {
      error: 'must not contain tag characters outside of flags',
      params: { code: 'tag_character' },
    })
    .refine((value) => lines || !lineBreak.test(value), {
      error: 'must be on one line',
      params: { code: 'line_break' },
    })
    .refine((value) => codePoints(value) <= max, {
      error: `must be at most ${max} characters`,
      params: { code: 'too_long' },
    })
    // JSON Schema counts code points, like the refinement; zod counts UTF-16 code units.
    .meta({ maxLength: max });
