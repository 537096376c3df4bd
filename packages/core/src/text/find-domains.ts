import { DOMAIN, isIn, LATIN_DOMAIN } from './character-classes.ts';
import { topLevelDomainEnd } from './top-level-domains.ts';

const NONE = -1;

/**
 * For every index of the text, the end of the longest domain that begins there, or -1. A domain is one or more labels,
 * each with its dot, then a top-level domain; underscores may stand inside of all labels but the last.
 *
 * One pass from right to left: what follows a dot has been decided when the labels before it are looked at, so a text
 * of nothing but dots and letters costs no more than any other. (A backtracking pattern takes quadratic time there.)
 */
export function findDomainEnds(text: string): Int32Array {
  const ends = new Int32Array(text.length + 1).fill(NONE);
  // Of the label that is being read from its dot leftwards:
  let hasDot = false;
  let endByMoreLabels = NONE;
  let endByTopLevelDomain = NONE;
  let hasUnderscore = false;

  for (let i = text.length - 1; i >= 0; i--) {
    const character = text.charAt(i);
    if (character === '.') {
      hasDot = isIn(DOMAIN, text, i - 1);
      hasUnderscore = false;
      endByMoreLabels = ends[i + 1] ?? NONE;
      endByTopLevelDomain =
        hasDot && endByMoreLabels === NONE ? topLevelDomainEnd(text, i + 1, text.length) : NONE;
    } else if (isIn(DOMAIN, text, i)) {
      // More labels win over an end here: the patterns are greedy.
      if (hasDot)
        ends[i] = endByMoreLabels === NONE && !hasUnderscore ? endByTopLevelDomain : endByMoreLabels;
    } else if (character === '_') {
      hasUnderscore = true;
    } else if (character !== '-') {
      hasDot = false;
    }
  }
  return ends;
}

/**
 * The parts of a domain that are domains of ASCII and accented Latin letters alone: what twitter-text takes for a URL
 * where no protocol says so. `本foo.com` holds `foo.com`.
 */
export function findLatinDomains(domain: string): { start: number; end: number }[] {
  const labels = latinLabels(domain);
  const ends = new Array<number>(labels.length).fill(NONE);
  for (let i = labels.length - 1; i >= 0; i--) {
    const dot = labels[i]?.dot ?? 0;
    const next = labels[i + 1];
    const endByMoreLabels = next?.start === dot + 1 && next.dot > next.start ? (ends[i + 1] ?? NONE) : NONE;
    ends[i] = endByMoreLabels === NONE ? topLevelDomainEnd(domain, dot + 1, domain.length) : endByMoreLabels;
  }

  const found: { start: number; end: number }[] = [];
  let from = 0;
  for (const [i, label] of labels.entries()) {
    const start = Math.max(label.start, from);
    const end = ends[i] ?? NONE;
    if (start < label.dot && end !== NONE) {
      found.push({ start, end });
      from = end;
    }
  }
  return found;
}

/** Every dot, with the start of the run of Latin characters that ends at it. */
function latinLabels(domain: string): { start: number; dot: number }[] {
  const labels: { start: number; dot: number }[] = [];
  let start = 0;
  for (let i = 0; i < domain.length; i++) {
    if (domain.charAt(i) === '.') {
      labels.push({ start, dot: i });
      start = i + 1;
    } else if (!isIn(LATIN_DOMAIN, domain, i)) {
      start = i + 1;
    }
  }
  return labels;
}
