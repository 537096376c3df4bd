import {
  HASHTAG,
  HASHTAG_LETTER,
  isAstralHashtag,
  isAstralHashtagLetter,
  isIn,
} from './character-classes.ts';

/** `start` (the number sign) and `end` (exclusive) count UTF-16 code units. */
export type FoundHashtag = { tag: string; start: number; end: number };

/** The hashtags of a text as twitter-text finds them, including those inside URLs. */
export function findHashtags(text: string): FoundHashtag[] {
  const found: FoundHashtag[] = [];
  // Matches do not overlap, and the character before a number sign belongs to its match.
  let matchedUntil = 0;
  for (
    let sign = nextHashSign(text, 0);
    sign >= 0;
    sign = nextHashSign(text, Math.max(sign + 1, matchedUntil))
  ) {
    if (!mayPrecede(text, sign, matchedUntil)) continue;
    const end = tagEnd(text, sign + 1);
    if (end < 0) continue;
    matchedUntil = end;
    if (isHashSign(text, end) || text.startsWith('://', end)) continue;
    found.push({ tag: text.slice(sign + 1, end), start: sign, end });
  }
  return found;
}

function isHashSign(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit === 0x23 || unit === 0xff03;
}

function nextHashSign(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    if (isHashSign(text, index)) return index;
  }
  return -1;
}

/** Allows nothing, a variation selector (after an emoji), or any character that is neither `&` nor part of hashtags. */
function mayPrecede(text: string, sign: number, from: number): boolean {
  if (sign === 0) return true;
  if (sign - 1 < from) return false;
  const unit = text.charCodeAt(sign - 1);
  if (unit === 0xfe0e || unit === 0xfe0f) return true;
  if (isSurrogate(unit)) {
    const codePoint = sign - 2 >= from ? (text.codePointAt(sign - 2) ?? 0) : 0;
    return codePoint > 0xffff && !isAstralHashtag(codePoint);
  }
  return unit !== 0x26 && !isIn(HASHTAG, text, sign - 1);
}

/**
 * Returns -1 where no tag starts: a tag needs a letter or mark, and a sign that is rendered as an emoji starts none.
 */
function tagEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === 0xfe0f || first === 0x20e3) return -1;
  let hasLetter = false;
  let end = start;
  for (;;) {
    if (isIn(HASHTAG, text, end)) {
      hasLetter ||= isIn(HASHTAG_LETTER, text, end);
      end += 1;
      continue;
    }
    const codePoint = text.codePointAt(end) ?? 0;
    if (codePoint <= 0xffff || !isAstralHashtag(codePoint)) return hasLetter ? end : -1;
    hasLetter ||= isAstralHashtagLetter(codePoint);
    end += 2;
  }
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
