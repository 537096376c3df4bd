import { composeText } from './compose-text.ts';

/**
 * The version of this analysis. Increment it whenever a text yields different words, because indexes store words: the
 * distributed engine then rebuilds its index automatically, and the embedded one needs a migration.
 */
export const analysisVersion = 2;

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Signs that decomposition would turn into letters of the preceding word: “Twite™” is found as “twite”. */
const TRADE_SIGNS = /[©®™℠℗]/g;

/** Apostrophes that Unicode classifies as letters. They separate words like the others. */
const APOSTROPHES = /[ʻʼ]/g;

/**
 * Marks that people omit when they type: accents, the points of Hebrew, Arabic and Syriac, the tatweel, and the skin
 * tones of emoji. Vowel signs of Indic scripts and voicing marks of kana stay, because they change the word.
 */
const OPTIONAL_MARKS = new RegExp(
  `[${[
    '\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f',
    '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7',
    '\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed',
    '\\u0897-\\u089f\\u08ca-\\u08e1\\u08e3-\\u08ff\\u0711\\u0730-\\u074a\\u07fa',
    '\\u{1f3fb}-\\u{1f3ff}',
  ].join('')}]`,
  'gu',
);

/** Letters without a decomposition, and how people type them on other keyboards. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ȷ: 'j',
  ŋ: 'n',
  ŧ: 't',
  ĸ: 'k',
  ƀ: 'b',
  ɨ: 'i',
  ʉ: 'u',
  ς: 'σ',
  // Arabic and Persian keyboards have different yeh and kaf, and writers confuse the first and the last of these.
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
const DECIMAL_DIGIT = /\p{Nd}/u;

/**
 * Unicode encodes the ten digits of a script in order, so a digit's value is the number of digits directly before it.
 */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (before < 9 && DECIMAL_DIGIT.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before);
}

/**
 * Folds a text for comparison: removes case, accents, points, tatweel, invisible characters and compatibility forms
 * such as full width, spells letters such as ß, ø and ł in ASCII, and collapses white space.
 */
export function fold(text: string): string {
  const visible = text.toWellFormed().replace(IGNORABLE, '').replace(TRADE_SIGNS, ' ');
  const folded = composeText(visible, 'NFKD')
    .replace(OPTIONAL_MARKS, '')
    .replace(APOSTROPHES, ' ')
    .toLowerCase()
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(OTHER_DIGIT, asciiDigit);
  return composeText(folded).replace(/\s+/g, ' ').trim();
}

/** Scripts without spaces between words, and Hangul, where particles are attached to words. */
const SPACELESS = [
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
  'Hangul',
  'Yi',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Tai_Le',
  'New_Tai_Lue',
  'Tai_Tham',
  'Tai_Viet',
  'Javanese',
  'Balinese',
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('');
const SIGN = '[\\p{L}\\p{N}\\p{Co}]';
const WORD = new RegExp(
  [
    `(?=[${SPACELESS}])${SIGN}\\p{M}*`,
    `(?![${SPACELESS}])${SIGN}(?:(?![${SPACELESS}])${SIGN}|\\p{M})*`,
    '\\p{Regional_Indicator}{1,2}',
    '\\p{Extended_Pictographic}',
  ].join('|'),
  'gu',
);

/**
 * The words of a text, folded, in order. A word is a run of letters, digits and their marks, or one emoji. In scripts
 * without spaces each letter with its marks is a word, so a search finds any part of a run as a phrase. Engines index
 * and look up these words without any analysis of their own, so all of them find the same posts. A word contains no
 * white space, and its only ASCII characters are letters and digits.
 */
export const wordsOf = (text: string): readonly string[] => fold(text).match(WORD) ?? [];

/** Whether a search for this text can find anything. */
export const hasWord = (text: string): boolean => wordsOf(text).length > 0;

/** The suffixes of a name that start at each of its words, folded, without duplicates. */
export function nameSuffixes(name: string): readonly string[] {
  const folded = fold(name);
  const starts = folded.matchAll(WORD);
  // A name made of symbols has no words; a search finds it by its start.
  const suffixes = [folded, ...Array.from(starts, ({ index }) => folded.slice(index))];
  return [...new Set(suffixes)].filter((suffix) => suffix !== '');
}
