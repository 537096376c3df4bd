import { isDigit, isIn, PATH, PATH_END, QUERY, QUERY_END, URL_PRECEDING } from './character-classes.ts';
import { findDomainEnds, findLatinDomains } from './find-domains.ts';
import { asciiLabelLength } from './punycode-length.ts';

/** `start` and `end` (exclusive) count UTF-16 code units. */
export type FoundUrl = { url: string; start: number; end: number };

const DEFAULT_PROTOCOL = 'https://';
const MAX_URL_LENGTH = 4096;
const MAX_LABEL_LENGTH = 63;
const MAX_SHORT_LINK_SLUG_LENGTH = 40;
const SHORT_LINK = /^https?:\/\/t\.co\/([a-z0-9]+)/i;

/** Where the parts of a candidate end; all are UTF-16 offsets. */
type Candidate = {
  start: number;
  domainStart: number;
  domainEnd: number;
  pathStart: number;
  pathEnd: number;
  end: number;
};

/** The URLs of a text as twitter-text finds them, with or without a protocol, from left to right. Takes linear time. */
export function findUrls(text: string): FoundUrl[] {
  if (!text.includes('.')) return [];
  const domainEnds = findDomainEnds(text);
  const found: FoundUrl[] = [];
  let index = 0;
  while (index < text.length) {
    let candidate: Candidate | undefined;
    // The character before a URL belongs to the match: only one may stand between two URLs. At the start of the text, a
    // URL that starts after such a character is tried first.
    if (isIn(URL_PRECEDING, text, index)) candidate = readCandidate(text, index + 1, domainEnds);
    if (candidate === undefined && index === 0) candidate = readCandidate(text, 0, domainEnds);
    if (candidate === undefined) {
      index++;
    } else {
      found.push(...acceptCandidate(text, candidate));
      index = candidate.end;
    }
  }
  return found;
}

function readCandidate(text: string, start: number, domainEnds: Int32Array): Candidate | undefined {
  const domainStart = start + protocolLength(text, start);
  const domainEnd = domainEnds[domainStart] ?? -1;
  if (domainEnd < 0) return undefined;
  const pathStart = portEnd(text, domainEnd);
  const pathEnd = pathEndAfter(text, pathStart);
  return { start, domainStart, domainEnd, pathStart, pathEnd, end: queryEndAfter(text, pathEnd) };
}

function acceptCandidate(text: string, candidate: Candidate): FoundUrl[] {
  const { start, domainStart, domainEnd, end } = candidate;
  const domain = text.slice(domainStart, domainEnd);
  // twitter-text counts the protocol twice where there is one.
  const protocol = text.slice(start, domainStart) || DEFAULT_PROTOCOL;
  if (protocol.length + end - start > MAX_URL_LENGTH || !isValidDomain(domain)) return [];
  return domainStart > start
    ? acceptWithProtocol(text.slice(start, end), start)
    : acceptWithoutProtocol(text, domain, candidate);
}

function acceptWithProtocol(url: string, start: number): FoundUrl[] {
  const [shortLink, slug = ''] = SHORT_LINK.exec(url) ?? [];
  if (shortLink === undefined) return [{ url, start, end: start + url.length }];
  if (slug.length > MAX_SHORT_LINK_SLUG_LENGTH) return [];
  // A short link has no further path.
  const end = queryEndAfter(url, shortLink.length);
  return [{ url: url.slice(0, end), start, end: start + end }];
}

function acceptWithoutProtocol(text: string, domain: string, candidate: Candidate): FoundUrl[] {
  const { start, domainEnd, pathStart, pathEnd, end } = candidate;
  if (start > 0 && '-_./'.includes(text.charAt(start - 1))) return [];
  const found = findLatinDomains(domain).map((part) => ({
    url: domain.slice(part.start, part.end),
    start: start + part.start,
    end: start + part.end,
  }));
  const last = found.at(-1);
  // A port and query alone do not extend a domain; a path includes them.
  if (last !== undefined && pathEnd > pathStart) {
    last.url += text.slice(domainEnd, end);
    last.end = end;
  }
  return found;
}

function isValidDomain(domain: string): boolean {
  if (domain.startsWith('xn--') && findLatinDomains(domain).length === 0) return false;
  return domain.split('.').every((label) => asciiLabelLength(label, MAX_LABEL_LENGTH) <= MAX_LABEL_LENGTH);
}

function protocolLength(text: string, start: number): number {
  const unit = text.charCodeAt(start) | 0x20;
  if (unit !== 0x68) return 0;
  const head = text.slice(start, start + 8).toLowerCase();
  if (head === 'https://') return 8;
  return head.startsWith('http://') ? 7 : 0;
}

function portEnd(text: string, start: number): number {
  if (text.charAt(start) !== ':') return start;
  let end = start + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  return end > start + 1 ? end : start;
}

/**
 * The end of a path of general characters and pairs of parentheses: its last character that may end a path and is
 * outside parentheses, plus the pairs of parentheses that directly follow that character.
 */
function pathEndAfter(text: string, start: number): number {
  if (text.charAt(start) !== '/') return start;
  let end = start + 1;
  for (let index = end; index >= 0; index = parenthesesEnd(text, index)) {
    for (; isIn(PATH, text, index); index++) {
      if (isIn(PATH_END, text, index)) end = index + 1;
    }
  }
  for (let closed = end; closed >= 0; closed = parenthesesEnd(text, end)) end = closed;
  return end;
}

/** The end of `(…)` or `(…(…)…)`, as in Wikipedia's paths; -1 if there is none at `start`. */
function parenthesesEnd(text: string, start: number): number {
  if (text.charAt(start) !== '(') return -1;
  const outer = pathRunEnd(text, start + 1);
  if (text.charAt(outer) === ')') return outer > start + 1 ? outer + 1 : -1;
  if (text.charAt(outer) !== '(') return -1;
  const inner = pathRunEnd(text, outer + 1);
  if (inner === outer + 1 || text.charAt(inner) !== ')') return -1;
  const rest = pathRunEnd(text, inner + 1);
  return text.charAt(rest) === ')' ? rest + 1 : -1;
}

function pathRunEnd(text: string, start: number): number {
  let end = start;
  while (isIn(PATH, text, end)) end++;
  return end;
}

function queryEndAfter(text: string, start: number): number {
  if (text.charAt(start) !== '?') return start;
  let end = start;
  for (let index = start + 1; isIn(QUERY, text, index); index++) {
    if (isIn(QUERY_END, text, index)) end = index + 1;
  }
  return end;
}
