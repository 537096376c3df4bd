import * as data from './generated/twitter-text-data.ts';

/**
 * twitter-text's character classes as bits of one table over all UTF-16 code units, so that the scanners need one array
 * read per character. Its patterns run without the `u` flag: except in hashtags they match code units, not code points.
 */
export const URL_PRECEDING = 1 << 0;
export const DOMAIN = 1 << 1;
export const LATIN_DOMAIN = 1 << 2;
export const PATH = 1 << 3;
export const PATH_END = 1 << 4;
export const QUERY = 1 << 5;
export const QUERY_END = 1 << 6;
export const HASHTAG = 1 << 7;
export const HASHTAG_LETTER = 1 << 8;
export const MENTION_STOP = 1 << 9;

const table = new Uint16Array(0x10000);
for (const [bit, ranges] of [
  [URL_PRECEDING, data.URL_PRECEDING],
  [DOMAIN, data.DOMAIN],
  [LATIN_DOMAIN, data.LATIN_DOMAIN],
  [PATH, data.PATH],
  [PATH_END, data.PATH_END],
  [QUERY, data.QUERY],
  [QUERY_END, data.QUERY_END],
  [HASHTAG, data.HASHTAG],
  [HASHTAG_LETTER, data.HASHTAG_LETTER],
  [MENTION_STOP, data.MENTION_STOP],
] as const) {
  for (let i = 0; i < ranges.length; i += 2) {
    for (let unit = ranges[i] ?? 0; unit <= (ranges[i + 1] ?? 0); unit++)
      table[unit] = (table[unit] ?? 0) | bit;
  }
}

/** Whether the code unit at `index` is in a class; false outside the text. */
export function isIn(characterClass: number, text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return !Number.isNaN(unit) && ((table[unit] ?? 0) & characterClass) !== 0;
}

/** Whether a code point above U+FFFF may be part of a hashtag. */
export function isAstralHashtag(codePoint: number): boolean {
  return isInRanges(data.ASTRAL_HASHTAG, codePoint);
}

/** Whether a code point above U+FFFF is a letter or mark, of which a hashtag needs at least one. */
export function isAstralHashtagLetter(codePoint: number): boolean {
  return isInRanges(data.ASTRAL_HASHTAG_LETTER, codePoint);
}

function isInRanges(ranges: readonly number[], value: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (ranges[middle * 2 + 1] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return value >= (ranges[low * 2] ?? Number.POSITIVE_INFINITY);
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

export function isAsciiAlphanumeric(unit: number): boolean {
  return isDigit(unit) || isAsciiLetter(unit);
}

export function isAsciiLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}
