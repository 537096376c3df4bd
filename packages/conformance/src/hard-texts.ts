/**
 * Texts that stores have been known to change, truncate or fail on. Without NUL and lone surrogates: those are not
 * text.
 */
export const hardTexts: readonly string[] = [
  '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇫🇷',
  'café',
  'cafe\u0301',
  '\u1e9b\u0323 \ufb01 ﷺ Å',
  'שלום עולם مرحبا بالعالم \u202eabc\u202c',
  'line\u2028separator\u2029and\u0085more',
  ' leading, trailing \t and\r\nnew lines \n',
  `quotes ' " \` ; DROP TABLE posts; -- /* */`,
  'back\\slash \\u0000 %s %00 {{y}} $where',
  '\ufeffbyte order mark\u200b\u200d',
  '\u{10ffff} \uffff \ufffd \u{1f9d1}',
  'I İ ı i ß ẞ ǅ',
  '中文字符 日本語 한국어 ไทย',
  '__proto__',
  'null',
  '0012',
  '1e999',
  '\u0001\u0007\u001b[31m\u007f',
  'x'.repeat(10_000),
  '👍'.repeat(5_000),
];
