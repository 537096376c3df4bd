import { composeText } from './compose-text.ts';
import { type FoundUrl, findUrls } from './find-urls.ts';
import { EMOJI_PATTERN } from './generated/twitter-text-data.ts';

// twitter-text's configuration, version 3.
const URL_WEIGHT = 23;
const EMOJI_WEIGHT = 2;
const HEAVY_WEIGHT = 2;
const LIGHT_WEIGHT = 1;

const MAY_HOLD_EMOJI = /[\u00a9-\uffff]/;

export type Weight = {
  weightedLength: number;
  /** Whether it contains U+FFFE, U+FEFF or U+FFFF, which twitter-text allows in no post. */
  hasInvalidCharacter: boolean;
};

/**
 * The length of a text as twitter-text counts it (configuration 3), in normalisation form C: 23 per URL, 2 per emoji
 * regardless of its code points, 1 per character of most alphabets, 2 per other character. Never fails; takes linear
 * time.
 */
export function weightedLength(text: string): number {
  return weighText(text).weightedLength;
}

/** Takes the text's URLs if they are already known. They are used only if the text is composed. */
export function weighText(text: string, urls?: FoundUrl[]): Weight {
  const composed = composeText(text);
  const urlLengths = new Map(
    (urls !== undefined && composed === text ? urls : findUrls(composed)).map(({ url, start }) => [
      start,
      url.length,
    ]),
  );
  const emojiLengths = findEmoji(composed);

  let sum = 0;
  let hasInvalidCharacter = false;
  for (let index = 0; index < composed.length; index++) {
    const urlLength = urlLengths.get(index);
    const emojiLength = urlLength === undefined ? emojiLengths.get(index) : undefined;
    if (urlLength !== undefined) {
      sum += URL_WEIGHT;
      index += urlLength - 1;
    } else if (emojiLength !== undefined) {
      sum += EMOJI_WEIGHT;
      index += emojiLength - 1;
    } else {
      if ((composed.codePointAt(index) ?? 0) > 0xffff) index++;
      sum += isLight(composed.charCodeAt(index)) ? LIGHT_WEIGHT : HEAVY_WEIGHT;
    }
    hasInvalidCharacter ||= isInvalid(composed.charCodeAt(index));
  }
  return { weightedLength: sum, hasInvalidCharacter };
}

function findEmoji(text: string): Map<number, number> {
  const lengths = new Map<number, number>();
  if (!MAY_HOLD_EMOJI.test(text)) return lengths;
  for (const emoji of text.matchAll(EMOJI_PATTERN)) lengths.set(emoji.index, emoji[0].length);
  return lengths;
}

function isLight(unit: number): boolean {
  return (
    unit <= 0x10ff ||
    (unit >= 0x2000 && unit <= 0x200d) ||
    (unit >= 0x2010 && unit <= 0x201f) ||
    (unit >= 0x2032 && unit <= 0x2037)
  );
}

function isInvalid(unit: number): boolean {
  return unit === 0xfeff || unit === 0xfffe || unit === 0xffff;
}
