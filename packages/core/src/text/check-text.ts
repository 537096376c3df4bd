import { invalidField, type TextEntities } from '@twite/contract';
import type { Settings } from '../engine.ts';
import { normaliseText, type TextProblem } from './normalise-text.ts';
import { parseText } from './parse-text.ts';

const problemMessages: Record<TextProblem, string> = {
  too_long: 'is too long to be counted',
  lone_surrogate: 'must not contain lone surrogates',
  control_character: 'must not contain control characters other than line feed and tab',
  noncharacter: 'must not contain Unicode noncharacters',
  empty: 'must not be blank',
};

/**
 * Returns the text to store, with its entities. With `mayBeEmpty`, white space is stored as an empty text. Throws
 * `invalid_input` for text that cannot be posted.
 */
export function checkText(
  settings: Pick<Settings, 'textWeightedLengthMax'>,
  input: string,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): { text: string; entities: TextEntities } {
  if (mayBeEmpty && input.trim() === '')
    return { text: '', entities: { mentions: [], hashtags: [], urls: [] } };
  const normalised = normaliseText(input);
  if (!normalised.ok) throw invalidField('text', normalised.reason, problemMessages[normalised.reason]);
  const { text } = normalised;
  const parsed = parseText(text, { maxWeightedLength: settings.textWeightedLengthMax });
  if (!parsed.valid) {
    throw invalidField(
      'text',
      'too_long',
      `has a weighted length of ${parsed.weightedLength}; at most ${settings.textWeightedLengthMax} are allowed`,
    );
  }
  return { text, entities: parsed.entities };
}
