import { isAsciiAlphanumeric, isAsciiLetter, isIn, MENTION_STOP } from './character-classes.ts';

/** `start` (the at sign) and `end` (exclusive) count UTF-16 code units. */
export type FoundMention = { handle: string; isList: boolean; start: number; end: number };

const MAX_LIST_NAME_LENGTH = 25;

/**
 * The mentions of a text as twitter-text finds them. `isList` marks what it takes for the name of a list
 * (`@user/list`): not a mention, but it may cover another entity. As in twitter-text, a longer handle is cut at
 * `maxHandleLength`.
 */
export function findMentions(text: string, maxHandleLength: number): FoundMention[] {
  const found: FoundMention[] = [];
  // Matches do not overlap, and the characters before an at sign belong to its match.
  let matchedUntil = 0;
  for (let at = nextAtSign(text, 0); at >= 0; at = nextAtSign(text, Math.max(at + 1, matchedUntil))) {
    if (!mayPrecede(text, at, matchedUntil)) continue;
    const handleEnd = runEnd(text, at + 1, at + 1 + maxHandleLength, isHandleUnit);
    if (handleEnd === at + 1) continue;
    const end = listNameEnd(text, handleEnd);
    matchedUntil = end;
    if (isIn(MENTION_STOP, text, end) || text.startsWith('://', end)) continue;
    found.push({ handle: text.slice(at + 1, handleEnd), isList: end > handleEnd, start: at, end });
  }
  return found;
}

function nextAtSign(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x40 || unit === 0xff20) return index;
  }
  return -1;
}

/** Checks what precedes the at sign: nothing, most punctuation, or `RT` with or without a colon. */
function mayPrecede(text: string, at: number, from: number): boolean {
  if (at === 0) return true;
  if (at - 1 >= from && !/[a-zA-Z0-9_!#$%&*@＠]/.test(text.charAt(at - 1))) return true;
  const retweet = /rt:?$/i.exec(text.slice(Math.max(from, at - 3), at));
  if (retweet === null) return false;
  const before = at - retweet[0].length - 1;
  return before < 0 || (before >= from && !/[a-zA-Z0-9_+~.-]/.test(text.charAt(before)));
}

function listNameEnd(text: string, slash: number): number {
  if (text.charAt(slash) !== '/' || !isAsciiLetter(text.charCodeAt(slash + 1))) return slash;
  return runEnd(
    text,
    slash + 2,
    slash + 1 + MAX_LIST_NAME_LENGTH,
    (unit) => isHandleUnit(unit) || unit === 0x2d,
  );
}

function runEnd(text: string, start: number, limit: number, belongs: (unit: number) => boolean): number {
  let end = start;
  while (end < limit && belongs(text.charCodeAt(end))) end++;
  return end;
}

function isHandleUnit(unit: number): boolean {
  return isAsciiAlphanumeric(unit) || unit === 0x5f;
}
