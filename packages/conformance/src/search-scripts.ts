import { expect } from 'vitest';
import { aCorpus } from './search-corpus.ts';
import type { SuiteContext } from './suite.ts';

interface Example {
  readonly text: string;
  readonly finds: readonly string[];
  readonly not?: readonly string[];
}

const examples: Readonly<Record<string, readonly Example[]>> = {
  'scripts without spaces': [
    {
      text: '我家在上海东边。',
      finds: ['上海', '家', '我家在上海东边', '在上海，东'],
      not: ['海上', '北京', '上東'],
    },
    { text: '東京タワーへ行った', finds: ['東京', 'タワー', 'ﾀﾜｰ', '行っ'], not: ['京東', 'ワタ'] },
    { text: 'がっこう', finds: ['がっこ', 'か\u3099っこう'], not: ['かっこう'] },
    { text: '고양이가 잔다', finds: ['고양이', '고양이가', '잔다'], not: ['양고'] },
    { text: 'ฉันรักประเทศไทย', finds: ['ประเทศ', 'ไทย', 'รัก'], not: ['ไทยรัก'] },
    { text: 'ຂ້ອຍຮັກລາວ', finds: ['ລາວ'] },
    { text: 'ខ្ញុំស្រឡាញ់ភាសាខ្មែរ', finds: ['ភាសា', 'ខ្មែរ'] },
    { text: 'ကျွန်တော် မြန်မာစာ', finds: ['မြန်မာ', 'စာ'] },
    { text: '新iPhone手机', finds: ['iphone', '手机', '新iPhone'], not: ['phone'] },
  ],
  'marks that make another word': [
    { text: 'दिन', finds: ['दिन'], not: ['दान', 'दन'] },
    { text: 'हिन्दी में लिखो', finds: ['हिन्दी', 'में'], not: ['हिन्द', 'म'] },
    { text: 'தமிழ் மொழி', finds: ['தமிழ்', 'மொழி'], not: ['தமழ', 'மழ'] },
    { text: 'বাংলা ভাষা', finds: ['বাংলা', 'ভাষা'], not: ['বংল'] },
  ],
  'marks and signs that people leave out': [
    { text: 'שָׁלוֹם עולם', finds: ['שלום', 'שָׁלוֹם'] },
    { text: 'مُحَمَّد مـــرحبا', finds: ['محمد', 'مرحبا', 'مُحمد'] },
    { text: 'أحمد إلى مدرسة', finds: ['احمد', 'الى', 'مدرسه'] },
    { text: 'می\u200cخواهم کتاب', finds: ['می\u200cخواهم', 'میخواهم', 'كتاب'] },
    { text: 'Donau\u00addampf\u200bschiff', finds: ['Donaudampfschiff', 'donau\u00addampfschiff'] },
    { text: 'Việt Nam', finds: ['viet', 'VIỆT'] },
  ],
  'letters with more than one spelling': [
    { text: 'Straße', finds: ['strasse', 'STRASSE', 'Straße', 'STRAẞE'] },
    { text: 'Łódź Ørsted Æther Đorđe', finds: ['lodz', 'orsted', 'aether', 'dorde', 'ŁÓDŹ', 'ØRSTED'] },
    { text: 'İstanbul ISPARTA ılık', finds: ['istanbul', 'isparta', 'ılık', 'ilik'] },
    { text: 'ＴＷＩＴＥ２０２６', finds: ['twite2026', 'ＴＷＩＴＥ２０２６'] },
    { text: 'ﬁn Ⅳ ②', finds: ['fin', 'iv', '2'] },
    { text: '٢٠٢٦ २०२६', finds: ['2026', '२०२६'] },
    { text: 'η οδός', finds: ['ΟΔΟΣ', 'οδοσ'] },
    { text: 'Twite™ Hawaiʻi', finds: ['twite', "Hawai'i", 'Hawai’i'] },
  ],
  emoji: [
    { text: 'So happy😀today', finds: ['😀', 'happy', 'today', 'happy😀'], not: ['😁'] },
    { text: 'I ❤️ it', finds: ['❤', '❤️'] },
    { text: '👍🏽 well done', finds: ['👍', '👍🏽', '👍🏿'] },
    { text: '👩‍🚀 🇫🇷 🏳️‍🌈', finds: ['👩‍🚀', '🚀', '🇫🇷', '🏳️‍🌈'], not: ['🇩🇪', '👨‍🚀'] },
  ],
};

/** Facts about scripts: a part of the suite of the search index. */
export function expectEveryScript({ fact }: SuiteContext): void {
  for (const [kind, texts] of Object.entries(examples)) {
    fact(`posts are found in every script: ${kind}`, async (world) => {
      const { find, index } = aCorpus(world);
      for (const { text, finds, not = [] } of texts) {
        const postId = await index(text);
        for (const term of finds) {
          expect(await find({ words: [term] }), `${term} finds ${text}`).toContain(postId);
          expect(await find({ phrases: [term] }), `“${term}” finds ${text}`).toContain(postId);
          expect(await find({ words: [term], notWords: [term] })).toEqual([]);
        }
        for (const term of not) {
          expect(await find({ words: [term] }), `${term} does not find ${text}`).not.toContain(postId);
        }
      }
    });
  }

  fact('tags are found in every script, with and without optional marks', async (world) => {
    const { find, index } = aCorpus(world);
    for (const [tag, spellings] of [
      ['می\u200cخواهم', ['می\u200cخواهم', 'میخواهم']],
      ['Straße', ['strasse', 'STRASSE']],
      ['上海', ['上海']],
      ['हिन्दी', ['हिन्दी']],
      ['ＴＷＩＴＥ', ['twite']],
      ['مُحَمَّد', ['محمد']],
    ] as const) {
      const postId = await index(`#${tag}`, [tag]);
      for (const spelling of spellings) expect(await find({ tags: [spelling] })).toEqual([postId]);
    }
    for (const other of ['上', 'हिन्द', 'twit']) expect(await find({ tags: [other] })).toEqual([]);
  });

  fact('accounts are found in every script, from the start of each word of their name', async (world) => {
    const { search } = world.engine;
    for (const [displayName, starts, not] of [
      ['山田太郎', ['山田', '太郎', '田太'], ['郎太']],
      ['김철수', ['김', '철수'], ['수철']],
      ['Jürgen Weiß', ['jurgen', 'weiss', 'WEISS'], ['eiss']],
      ['Łukasz Øster', ['lukasz', 'oster'], ['ukasz']],
      ['مُحَمَّد علی', ['محمد', 'علي'], ['حمد']],
      ['दिनेश', ['दिने'], ['दाने']],
      ['🌸 Hanako', ['hanako', '🌸'], ['🌺']],
      ['Ｔｗｉｔｅ', ['twite'], ['wite']],
    ] as const) {
      const accountId = world.id();
      await search.indexAccounts([{ accountId, rev: 1, handle: world.word(), displayName }]);
      await world.settled();
      const find = async (text: string) => (await search.searchAccounts(text, { limit: 100 })).accountIds;
      for (const start of starts) {
        expect(await find(start), `${start} finds ${displayName}`).toContain(accountId);
      }
      for (const text of not) expect(await find(text)).not.toContain(accountId);
    }
  });
}
