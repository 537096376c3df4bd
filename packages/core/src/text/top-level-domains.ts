import { isAsciiAlphanumeric } from './character-classes.ts';
import { ASCII_TOP_LEVEL_DOMAINS, OTHER_TOP_LEVEL_DOMAINS } from './generated/twitter-text-data.ts';

const asciiDomains = new Set(ASCII_TOP_LEVEL_DOMAINS);
const longestAsciiDomain = Math.max(...ASCII_TOP_LEVEL_DOMAINS.map((name) => name.length));

const otherDomainsByFirstUnit = Map.groupBy(OTHER_TOP_LEVEL_DOMAINS.map(upperCase), (name) => name.charAt(0));
const longestOtherDomain = Math.max(...OTHER_TOP_LEVEL_DOMAINS.map((name) => name.length));

/**
 * The end of the top-level domain that starts at `start` and ends at `limit` at the latest, or -1. Matches a name of
 * twitter-text's list that no ASCII letter, digit, `@`, `+` or `-` follows, or anything that starts with `xn--`.
 */
export function topLevelDomainEnd(text: string, start: number, limit: number): number {
  const asciiEnd = asciiRunEnd(text, start, Math.min(limit, start + longestAsciiDomain + 1));
  if (
    asciiEnd > start &&
    mayFollow(text, asciiEnd, limit) &&
    asciiDomains.has(text.slice(start, asciiEnd).toLowerCase())
  ) {
    return asciiEnd;
  }
  return otherDomainEnd(text, start, limit) ?? punycodeEnd(text, start, limit);
}

function otherDomainEnd(text: string, start: number, limit: number): number | undefined {
  const head = upperCase(text.slice(start, Math.min(limit, start + longestOtherDomain)));
  // In the order of the list: some names are prefixes of others.
  for (const name of otherDomainsByFirstUnit.get(head.charAt(0)) ?? []) {
    if (head.startsWith(name) && mayFollow(text, start + name.length, limit)) return start + name.length;
  }
  return undefined;
}

function punycodeEnd(text: string, start: number, limit: number): number {
  if (text.slice(start, start + 4).toLowerCase() !== 'xn--') return -1;
  let end = start + 4;
  while (end < limit && (text.charAt(end) === '-' || isAsciiAlphanumeric(text.charCodeAt(end)))) end++;
  return end > start + 4 ? end : -1;
}

function asciiRunEnd(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && isAsciiAlphanumeric(text.charCodeAt(end))) end++;
  return end;
}

function mayFollow(text: string, index: number, limit: number): boolean {
  if (index >= limit) return true;
  const unit = text.charCodeAt(index);
  return !isAsciiAlphanumeric(unit) && unit !== 0x40 && unit !== 0x2b && unit !== 0x2d;
}

/** Converts unit by unit, like a case-insensitive pattern: no length changes, and nothing becomes ASCII. */
function upperCase(text: string): string {
  let folded = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    const upper = unit.toUpperCase();
    folded += upper.length === 1 && (upper >= '\u0080' || unit < '\u0080') ? upper : unit;
  }
  return folded;
}
