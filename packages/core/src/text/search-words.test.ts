import { expect, it } from 'vitest';
import { fold, nameSuffixes, wordsOf } from './search-words.ts';

it('folds case, accents and spaces', () => {
  expect(fold('  Éric\u00a0 ŠKODA\n')).toBe('eric skoda');
});

it('words are runs of letters and digits, folded', () => {
  expect(wordsOf('To be, or not—2B?  #that_is #Café🫠now')).toEqual([
    'to',
    'be',
    'or',
    'not',
    '2b',
    'that',
    'is',
    'cafe',
    'now',
  ]);
  expect(wordsOf(' …!🙂 ')).toEqual([]);
  expect(wordsOf('日本語のテキスト')).toEqual(['日本語のテキスト']);
});

it('a letter and its variants are the same', () => {
  expect(wordsOf('ΟΔΌΣ οδός ΟΔΟΣ οδοσ')).toEqual(['οδοσ', 'οδοσ', 'οδοσ', 'οδοσ']);
  expect(wordsOf('Wachſtube 5µm')).toEqual(['wachstube', '5μm']);
});

it('a name is found from the start of each word', () => {
  expect(nameSuffixes('Jean-Luc (dit Zola)')).toEqual([
    'jean-luc (dit zola)',
    'luc (dit zola)',
    'dit zola)',
    'zola)',
  ]);
  expect(nameSuffixes(' ★ ')).toEqual(['★']);
  expect(nameSuffixes('')).toEqual([]);
});
