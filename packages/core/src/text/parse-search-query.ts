import { composeText } from './compose-text.ts';
import { findHashtags } from './find-hashtags.ts';
import { hasWord } from './search-words.ts';

/**
 * A parsed search. A post matches if it contains all `words`, `phrases` and `tags`, is by one of the accounts in `from`
 * (by anyone if that is empty), has media as `hasMedia` requires, and contains nothing of the `not…` lists. No list
 * contains a term twice.
 */
export type SearchQuery = {
  /** As typed, in normalisation form C. Each contains a letter, a digit or an emoji, and may contain punctuation. */
  words: string[];
  /** Words separated by single spaces, to be found adjacent and in this order. */
  phrases: string[];
  notWords: string[];
  notPhrases: string[];
  /** Hashtags without their sign, in lower case. */
  tags: string[];
  notTags: string[];
  /** Handles without their at sign, in lower case. */
  from: string[];
  notFrom: string[];
  /** From `has:media` and `-has:media`; undefined if neither is present. The first one wins. */
  hasMedia: boolean | undefined;
};

/**
 * Why there is no search:
 * - `too_long`: more than 500 UTF-16 code units;
 * - `too_many_terms`: more than 16;
 * - `nothing_to_search`: no terms, or only excluded ones.
 */
export type SearchQueryProblem = 'too_long' | 'too_many_terms' | 'nothing_to_search';

export type ParsedSearchQuery = { ok: true; query: SearchQuery } | { ok: false; reason: SearchQueryProblem };

const MAX_SEARCH_QUERY_LENGTH = 500;
export const MAX_SEARCH_TERMS = 16;

type Term = { negated: boolean; quoted: boolean; text: string };
type TermKind = 'word' | 'phrase' | 'tag' | 'from';
type ReadTerm = { kind: TermKind | 'has'; value: string };

const LISTS = {
  word: ['words', 'notWords'],
  phrase: ['phrases', 'notPhrases'],
  tag: ['tags', 'notTags'],
  from: ['from', 'notFrom'],
} as const satisfies Record<TermKind, readonly [keyof SearchQuery, keyof SearchQuery]>;

// Characters that stored text cannot contain separate terms, like spaces.
const UNSEARCHABLE = /[\p{Cc}\p{Cs}\ufffd\ufffe\uffff\ufeff]/gu;
// Quotation marks that can open or close, since languages differ in which one does which.
const DOUBLE = '"“”„‟＂〝〞〟❝❞⹂';
// Quotation marks that need their partner, in the order in which they are tried. Unpaired, they separate terms.
const PAIRED = ['«»', '‹›', '「」', '『』', '｢｣', '﹁﹂', '﹃﹄'];
// A closing single quotation mark inside a word is an apostrophe.
const SINGLE = '[‘‚]((?:[^‘‚’]|’(?=[\\p{L}\\p{N}]))*)[‘’](?![\\p{L}\\p{N}])';
const QUOTED = [
  `[${DOUBLE}]([^${DOUBLE}]*)(?:[${DOUBLE}]|$)`,
  ...PAIRED.map((pair) => `[${pair}]([^${pair}]*)[${pair}]`),
  SINGLE,
].join('|');
// Minus signs, then a phrase (to the end if a double quotation mark never closes) or everything up to a space or a
// quotation mark.
const TERM = new RegExp(`(-*)(?:${QUOTED}|([^\\s${DOUBLE}${PAIRED.join('')}]+))`, 'gu');
const FROM = /^from:@?([a-z0-9_]{1,30})$/i;

/**
 * Parses a search: `word`, `"exact phrase"`, `#tag`, `from:handle`, `has:media`, each with an optional leading minus
 * sign to exclude posts. Accepts every pair of quotation marks and any string: an invalid tag or handle counts as a
 * word, and terms without a letter, digit or emoji are ignored.
 */
export function parseSearchQuery(q: string): ParsedSearchQuery {
  if (q.length > MAX_SEARCH_QUERY_LENGTH) return { ok: false, reason: 'too_long' };
  const query: SearchQuery = {
    words: [],
    phrases: [],
    notWords: [],
    notPhrases: [],
    tags: [],
    notTags: [],
    from: [],
    notFrom: [],
    hasMedia: undefined,
  };
  let count = 0;
  for (const term of readTerms(q)) {
    const read = term.quoted ? readPhrase(term.text) : readBare(term.text);
    if (read === undefined) continue;
    if (read.kind === 'has') {
      if (query.hasMedia === undefined) count++;
      query.hasMedia ??= !term.negated;
      continue;
    }
    const list = query[LISTS[read.kind][term.negated ? 1 : 0]];
    if (list.includes(read.value)) continue;
    list.push(read.value);
    count++;
  }
  if (count > MAX_SEARCH_TERMS) return { ok: false, reason: 'too_many_terms' };
  const asked = query.words.length + query.phrases.length + query.tags.length + query.from.length;
  return asked === 0 && query.hasMedia !== true
    ? { ok: false, reason: 'nothing_to_search' }
    : { ok: true, query };
}

function readTerms(q: string): Term[] {
  const text = composeText(q.replaceAll(UNSEARCHABLE, ' '));
  return Array.from(text.matchAll(TERM), ([, minus = '', ...parts]) => {
    const bare = parts[PAIRED.length + 2];
    const phrase = parts.slice(0, PAIRED.length + 2).find((part) => part !== undefined);
    return { negated: minus !== '', quoted: phrase !== undefined, text: phrase ?? bare ?? '' };
  });
}

function readPhrase(text: string): ReadTerm | undefined {
  const value = text.split(/\s+/u).filter(hasWord).join(' ');
  return value === '' ? undefined : { kind: 'phrase', value };
}

function readBare(text: string): ReadTerm | undefined {
  if (/^has:media$/i.test(text)) return { kind: 'has', value: 'media' };
  const handle = FROM.exec(text)?.[1];
  if (handle !== undefined) return { kind: 'from', value: handle.toLowerCase() };
  const tag = findHashtags(text)[0];
  // `#tag,` is a tag; `#one-two` is not, because its second half would be lost.
  if (tag?.start === 0 && !hasWord(text.slice(tag.end))) {
    return { kind: 'tag', value: tag.tag.toLowerCase() };
  }
  return hasWord(text) ? { kind: 'word', value: text } : undefined;
}
