import { DOMAIN, isIn, LATIN_DOMAIN } from './character-classes.ts';
import { topLevelDomainEnd } from './top-level-domains.ts';

const NONE = -1;

/**
 * For every index of the text, the end of the longest domain that starts there, or -1. A domain is one or more labels,
 * each followed by a dot, then a top-level domain. Underscores may appear inside all labels except the last.
 *
 * Makes one pass from right to left: when it reaches a label, what follows the label's dot is already decided. A text
 * of nothing but dots and letters therefore costs no more than any other. (A backtracking pattern takes quadratic time
 * there.)
 */
export function findDomainEnds(text: string): Int32Array {
  const ends = new Int32Array(text.length + 1).fill(NONE);
  // The state of the label that is being read leftwards from its dot:
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
      // More labels take precedence over an end here: the patterns are greedy.
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
 * without a protocol. `本foo.com` contains `foo.com`.
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
