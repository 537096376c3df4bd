import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { codeUnits, nastyTexts } from './parse-text.test.arbitraries.ts';
import { fold, nameSuffixes, wordsOf } from './search-words.ts';

it.each([
  ['  Éric\u00a0 ŠKODA\n', 'eric skoda'],
  ['Straße STRASSE Łódź Ørsted Æther Đorđe Þór', 'strasse strasse lodz orsted aether dorde thor'],
  ['İstanbul ıssız', 'istanbul issiz'],
  ['Donau\u00addampf', 'donaudampf'],
  ['ＴＷＩＴＥ　ｶﾞｷﾞ ㈱ ②', 'twite ガギ (株) 2'],
  ['٣ ३ ３ 𝟛 ૩ 3', '3 3 3 3 3 3'],
  ['שָׁלוֹם مُحَمَّد مـــحمد', 'שלום محمد محمد'],
  ['أحمد آية کتاب مدرسة', 'احمد ايه كتاب مدرسه'],
  ['दिन ក្រុង', 'दिन ក្រុង'],
  ['\ud800x', '\ufffdx'],
])('folds %j', (text, folded) => {
  expect(fold(text)).toBe(folded);
});

it.each<[string, string[]]>([
  ['To be, or not—2B?  #that_is #Café', ['to', 'be', 'or', 'not', '2b', 'that', 'is', 'cafe']],
  [' …!★ ', []],
  ['Twite™ and Twite® Hawaiʻi', ['twite', 'and', 'twite', 'hawai', 'i']],
  ['ΟΔΌΣ οδός ΟΔΟΣ οδοσ', ['οδοσ', 'οδοσ', 'οδοσ', 'οδοσ']],
  ['Wachſtube 5µm', ['wachstube', '5μm']],
  ['iPhone手机 上海2号', ['iphone', '手', '机', '上', '海', '2', '号']],
  ['がぎ カﾞ', ['が', 'ぎ', 'ガ']],
  ['고양이가', ['고', '양', '이', '가']],
  ['น้ำใจ', ['น้ํ', 'า', 'ใ', 'จ']],
  ['हिन्दी में दिन', ['हिन्दी', 'में', 'दिन']],
  ['می\u200cخواهم', ['ميخواهم']],
  ['❤️ 👍🏽👍 👩\u200d🚀 🇫🇷🇩🇪 1️⃣', ['❤', '👍', '👍', '👩', '🚀', '🇫🇷', '🇩🇪', '1']],
])('finds the words of %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words.map((word) => word.normalize()));
});

it('words are folded, and contain no character that an engine would split at', () => {
  fc.assert(
    fc.property(fc.oneof(codeUnits, nastyTexts, fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
      const words = wordsOf(text);
      for (const word of words) expect(word).toMatch(/^(?:[a-z0-9]|[^\s\p{ASCII}])+$/u);
      expect(wordsOf(words.join(' '))).toEqual(words);
    }),
    { numRuns: 5_000 },
  );
});

it('folding every character twice is folding it once', () => {
  for (let code = 1; code <= 0x10ffff; code++) {
    const text = `a${String.fromCodePoint(code)}b`;
    const folded = fold(text);
    if (fold(folded) !== folded)
      expect([code.toString(16), fold(folded)]).toEqual([code.toString(16), folded]);
  }
});

it('a name is found by the start of each word', () => {
  expect(nameSuffixes('Jean-Luc (dit Zola)')).toEqual([
    'jean-luc (dit zola)',
    'luc (dit zola)',
    'dit zola)',
    'zola)',
  ]);
  expect(nameSuffixes('山田太郎')).toEqual(['山田太郎', '田太郎', '太郎', '郎']);
  expect(nameSuffixes('🌸 Ann')).toEqual(['🌸 ann', 'ann']);
  expect(nameSuffixes(' ★ ')).toEqual(['★']);
  expect(nameSuffixes('')).toEqual([]);
});

it('any number of combining marks takes linear time', () => {
  expect(wordsOf(`a${'\u0301'.repeat(100_000)}`)).toEqual(['a']);
  expect(wordsOf('\u0f71\u0f74'.repeat(50_000))).toEqual([]);
});
