/** Lower case without accents, with single spaces: what tags, handles and names are compared as. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

// Letters that lower case leaves apart from what they are variants of, as the final sigma.
const variants: Readonly<Record<string, string>> = {
  µ: 'μ',
  ſ: 's',
  ς: 'σ',
  ϐ: 'β',
  ϑ: 'θ',
  ϕ: 'φ',
  ϖ: 'π',
  ϰ: 'κ',
  ϱ: 'ρ',
  ϵ: 'ε',
};
const variant = new RegExp(`[${Object.keys(variants).join('')}]`, 'g');

// The excluded ones are letters by today's Unicode, but not for FTS5, which would cut words there once more.
const word = /(?:(?![\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3])[\p{L}\p{N}\p{Co}])+/gu;

/**
 * The words of a text, folded, in order: runs of letters and digits. Engines index and look for these, so that all find
 * the same; a script without spaces is found by whole runs only.
 */
export const wordsOf = (text: string): readonly string[] =>
  fold(text)
    .replace(variant, (letter) => variants[letter] ?? letter)
    .match(word) ?? [];

/** What is left of a name from the start of each of its words, folded, each once. */
export function nameSuffixes(name: string): readonly string[] {
  const folded = fold(name);
  const starts = folded.matchAll(/(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}]/gu);
  // A name of symbols alone has no words; it is found by its beginning.
  const suffixes = [folded, ...Array.from(starts, ({ index }) => folded.slice(index))];
  return [...new Set(suffixes)].filter((suffix) => suffix !== '');
}
