import type { PostDocument } from '@twite/core/search/search-index';
import fc from 'fast-check';
import { expect } from 'vitest';
import { expectAccountSearch } from './account-search.ts';
import { expectFollowersPostAuthors } from './followers-post-authors.ts';
import { expectPagesBefore } from './pages.ts';
import { aCorpus } from './search-corpus.ts';
import { expectEveryScript } from './search-scripts.ts';
import { expectHarmlessTerms } from './search-terms.ts';
import type { Suite } from './suite.ts';

export const searchSuite: Suite = (context) => {
  const { fact } = context;

  fact('posts that contain all words are found, newest first', async (world) => {
    const { find, index } = aCorpus(world);
    const one = await index('The quick brown fox');
    const two = await index('A quick answer; brown bread');
    await index('Slow and brown');
    expect(await find({ words: ['quick'] })).toEqual([two, one]);
    expect(await find({ words: ['quick', 'fox'] })).toEqual([one]);
    expect(await find({ words: ['fox', 'answer'] })).toEqual([]);
    expect(await find({ words: ['qui'] })).toEqual([]);
    expect(await find({ words: ['quickly'] })).toEqual([]);
  });

  fact('case and accents make no difference, in any script', async (world) => {
    const { find, index } = aCorpus(world);
    for (const [written, searched] of [
      ['Le CAFÉ est là', ['cafe', 'café', 'Cafe\u0301', 'CAFÉ', 'la', 'LÀ']],
      ['plain cafeteria resume', ['résumé', 'RESUMÉ', 'Cáfeteria']],
      ['Cafe\u0301s decomposed', ['cafés', 'CAFES']],
      ['Việt Nam', ['viet', 'VIỆT', 'nam']],
      ['ПРИВЕТ мир', ['привет', 'МИР']],
      ['Αθήνα', ['ΑΘΗΝΑ', 'αθηνα']],
      ['η οδός', ['ΟΔΟΣ', 'οδόσ']],
      ['hello🫠world', ['hello', 'World']],
      ['हिन्दी में', ['हिन्दी', 'में']],
      ['日本語 テキスト', ['日本語', 'テキスト']],
      ['שלום עולם', ['שלום', 'עולם']],
      ['naïve Škoda Ångström', ['naive', 'skoda', 'angstrom', 'ŠKODA']],
    ] as const) {
      const postId = await index(written);
      for (const word of searched)
        expect(await find({ words: [word] }), `${word} in ${written}`).toContain(postId);
    }
  });

  fact('a phrase matches consecutive words', async (world) => {
    const { find, index } = aCorpus(world);
    const one = await index('To be, or not to be: that is the question');
    await index('be or to not');
    expect(await find({ phrases: ['not to be'] })).toEqual([one]);
    expect(await find({ phrases: ['TO BE OR'] })).toEqual([one]);
    expect(await find({ phrases: ['be that is', 'to be or'] })).toEqual([one]);
    expect(await find({ phrases: ['that question'] })).toEqual([]);
    expect(await find({ phrases: ['to be'], words: ['question'] })).toEqual([one]);
  });

  fact('followers-only posts are found only by viewers who can see them', async (world) => {
    const [ann, bob] = [aCorpus(world), aCorpus(world)];
    const mark = world.word();
    const open = await ann.index(`${mark} for all`);
    const posts = [ann, bob].map(
      ({ document }) =>
        ({ ...document(`${mark} for some`, ['followers']), visibility: 'followers' }) as const,
    );
    await world.engine.search.indexPosts(posts);
    const [hers, his] = posts.map(({ postId }) => postId);
    const query = { authorIds: undefined, words: [mark] };
    expect(await ann.find(query)).toEqual([open]);
    expect(await ann.find({ ...query, tags: ['followers'] })).toEqual([]);
    expect(await ann.find({ ...query, followersPostsOf: [bob.authorId] })).toEqual([his, open]);
    const both = [world.id(), ann.authorId, bob.authorId];
    expect(await ann.find({ ...query, followersPostsOf: both })).toEqual([his, hers, open]);
    // As many as an account may follow.
    const many = [...Array.from({ length: 5_000 }, () => world.id()), ann.authorId];
    expect(await ann.find({ ...query, followersPostsOf: many })).toEqual([hers, open]);
  });

  fact('words, phrases, tags and authors can be excluded', async (world) => {
    const { authorId, find, index } = aCorpus(world);
    const other = aCorpus(world);
    const mark = world.word();
    const one = await index(`${mark} red apple`, ['fruit']);
    const two = await index(`${mark} green apple pie`, ['cake']);
    const three = await other.index(`${mark} green pear`, ['fruit', 'green']);
    const authorIds = [authorId, other.authorId];
    expect(await find({ authorIds, words: [mark], notWords: ['RED'] })).toEqual([three, two]);
    expect(await find({ authorIds, words: [mark], notWords: ['red', 'pear'] })).toEqual([two]);
    expect(await find({ authorIds, words: [mark], notPhrases: ['apple pie'] })).toEqual([three, one]);
    expect(await find({ authorIds, words: [mark], notPhrases: ['pie apple'] })).toEqual([three, two, one]);
    expect(await find({ authorIds, words: [mark], notTags: ['Fruit'] })).toEqual([two]);
    expect(await find({ authorIds: undefined, words: [mark], notAuthorIds: [authorId] })).toEqual([three]);
    expect(await find({ authorIds, words: [], notWords: ['red'] })).toEqual([three, two]);
    expect(await find({ authorIds, tags: ['fruit'], notWords: ['pear'] })).toEqual([one]);
    expect(await find({ authorIds, notAuthorIds: [other.authorId, authorId] })).toEqual([]);
  });

  fact('whole tags are found regardless of case, and not as plain words', async (world) => {
    const { find, index } = aCorpus(world);
    const one = await index('#Twite is here', ['Twite']);
    const two = await index('#twite #Café', ['twite', 'Café']);
    await index('twite without a tag');
    await index('#twiter', ['twiter']);
    await index('#twite_er', ['twite_er']);
    expect(await find({ tags: ['TWITE'] })).toEqual([two, one]);
    expect(await find({ tags: ['twite', 'café'] })).toEqual([two]);
    expect(await find({ tags: ['CAFÉ'] })).toEqual([two]);
    expect(await find({ tags: ['twit'] })).toEqual([]);
    expect(await find({ tags: ['twite'], words: ['here'] })).toEqual([one]);
  });

  fact('posts by any of the authors are found', async (world) => {
    const a = aCorpus(world);
    const b = aCorpus(world);
    const mark = world.word();
    const one = await a.index(`${mark} one`);
    const two = await b.index(`${mark} two`);
    const three = await a.index(mark);
    expect(await a.find({})).toEqual([three, one]);
    expect(await a.find({ authorIds: [a.authorId, b.authorId] })).toEqual([three, two, one]);
    expect(await a.find({ authorIds: undefined, words: [mark] })).toEqual([three, two, one]);
    expect(await a.find({ authorIds: [], words: [mark] })).toEqual([]);
    expect(await a.find({ authorIds: [world.id()], words: [mark] })).toEqual([]);
  });

  fact('search results are paged stably while posts arrive', async (world) => {
    for (const query of [{ words: ['paged'] }, { tags: ['paged'] }, {}]) {
      await expectPagesBefore(async () => {
        const { find, index } = aCorpus(world);
        return { add: () => index('paged #paged', ['paged']), list: (page) => find(query, page) };
      }, 5);
    }
  });

  fact('a removed post is not found', async (world) => {
    const { find, index } = aCorpus(world);
    const kept = await index('stay', ['t']);
    const gone = await index('stay', ['t']);
    for (let i = 0; i < 2; i++) await world.engine.search.removePosts([gone, world.id()]);
    await world.engine.search.removePosts([]);
    for (const query of [{ words: ['stay'] }, { phrases: ['stay'] }, { tags: ['t'] }, {}]) {
      expect(await find(query)).toEqual([kept]);
    }
  });

  fact('a removed post stays removed, even if it is indexed afterwards', async (world) => {
    const { find, document } = aCorpus(world);
    const posts = [document('late', ['t']), document('late', ['t'])];
    await world.engine.search.indexPosts(posts.slice(0, 1));
    await world.engine.search.removePosts(posts.map((post) => post.postId));
    await world.engine.search.indexPosts(posts);
    for (const query of [{ words: ['late'] }, { phrases: ['late'] }, { tags: ['t'] }, {}]) {
      expect(await find(query)).toEqual([]);
    }
  });

  fact('a post that is indexed again is found once', async (world) => {
    const { find, document } = aCorpus(world);
    const posts = [document('again', ['t']), document('again', ['t'])];
    for (let i = 0; i < 3; i++) await world.engine.search.indexPosts(posts);
    await world.engine.search.indexPosts([]);
    const newestFirst = posts.map((post) => post.postId).reverse();
    for (const query of [{ words: ['again'] }, { phrases: ['again'] }, { tags: ['t'] }, {}]) {
      expect(await find(query)).toEqual(newestFirst);
    }
  });

  fact('posts are found by whether they have media, with other terms or alone', async (world) => {
    const { find, index, indexWithMedia, document } = aCorpus(world);
    const mark = world.word();
    const plain = await index(`${mark} cat`);
    const one = await indexWithMedia(`${mark} cat`);
    const wordless = await indexWithMedia('');
    const dog = await indexWithMedia(`${mark} dog media`);
    const other = aCorpus(world);
    const foreign = await other.indexWithMedia('');
    expect(await find({ hasMedia: true })).toEqual([dog, wordless, one]);
    expect(await find({ hasMedia: false })).toEqual([plain]);
    expect(await find({ hasMedia: undefined })).toEqual([dog, wordless, one, plain]);
    expect(await find({ hasMedia: true, words: [mark] })).toEqual([dog, one]);
    expect(await find({ hasMedia: true, phrases: [`${mark} cat`] })).toEqual([one]);
    expect(await find({ hasMedia: false, words: ['cat'] })).toEqual([plain]);
    expect(await find({ hasMedia: true, notWords: ['cat'] })).toEqual([dog, wordless]);
    expect(await find({ hasMedia: true, notWords: ['cat'] }, { before: dog, limit: 5 })).toEqual([wordless]);
    const everyone = await find({ hasMedia: true, authorIds: undefined });
    expect(everyone.slice(0, 4)).toEqual([foreign, dog, wordless, one]);
    expect(everyone).not.toContain(plain);
    expect(await find({ hasMedia: true, authorIds: undefined }, { before: dog, limit: 1 })).toEqual([
      wordless,
    ]);
    const hidden = { ...document('', []), hasMedia: true, visibility: 'followers' as const };
    await world.engine.search.indexPosts([hidden]);
    expect(await find({ hasMedia: true, authorIds: undefined }, { limit: 1 })).toEqual([foreign]);
    // Post words do not match metadata about media.
    for (const word of ['has', 'hasmedia', 'true', 'media']) {
      expect(await find({ words: [word] })).toEqual(word === 'media' ? [dog] : []);
      expect(await find({ tags: [word] })).toEqual([]);
    }
    await world.engine.search.removePosts([dog]);
    expect(await find({ hasMedia: true })).toEqual([wordless, one]);
  });

  fact('search results equal those of a naive search', async (world) => {
    const vocabulary = ['red', 'green', 'blue', 'cat', 'dog'];
    const corpora = [aCorpus(world), aCorpus(world)];
    const authors = corpora.map((corpus) => corpus.authorId);
    const posts: (Pick<PostDocument, 'postId' | 'authorId' | 'visibility' | 'hasMedia'> & {
      words: string[];
      tags: string[];
    })[] = [];
    const word = fc.constantFrom(...vocabulary);
    for (const [i, [words, tags]] of fc
      .sample(
        fc.tuple(fc.array(word, { minLength: 1, maxLength: 5 }), fc.uniqueArray(word, { maxLength: 2 })),
        40,
      )
      .entries()) {
      const { document } = corpora[i % 2] ?? aCorpus(world);
      const post = {
        ...document(words.join(' '), tags),
        visibility: i % 3 === 0 ? ('followers' as const) : ('public' as const),
        hasMedia: i % 4 < 2,
      };
      await world.engine.search.indexPosts([post]);
      posts.unshift({ ...post, words, tags });
    }
    await world.settled();
    const some = fc.array(word, { maxLength: 1 });
    const phrases = fc.array(fc.array(word, { minLength: 1, maxLength: 2 }), { maxLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          words: fc.array(word, { maxLength: 2 }),
          phrases,
          notWords: some,
          notPhrases: phrases,
          tags: some,
          notTags: some,
          authorIds: fc.subarray(authors, { minLength: 1 }),
          notAuthorIds: fc.subarray(authors, { maxLength: 1 }),
          hasMedia: fc.constantFrom(true, false, undefined),
          followersPostsOf: fc.subarray(authors),
        }),
        fc.integer({ min: 1, max: 50 }),
        async (query, limit) => {
          const holds = (words: string[], phrase: string[]) =>
            ` ${words.join(' ')} `.includes(` ${phrase.join(' ')} `);
          const expected = posts
            .filter(
              (post) =>
                query.words.every((w) => post.words.includes(w)) &&
                query.phrases.every((phrase) => holds(post.words, phrase)) &&
                !query.notWords.some((w) => post.words.includes(w)) &&
                !query.notPhrases.some((phrase) => holds(post.words, phrase)) &&
                query.tags.every((tag) => post.tags.includes(tag)) &&
                !query.notTags.some((tag) => post.tags.includes(tag)) &&
                query.authorIds.includes(post.authorId) &&
                !query.notAuthorIds.includes(post.authorId) &&
                (query.hasMedia === undefined || query.hasMedia === post.hasMedia) &&
                (post.visibility === 'public' || query.followersPostsOf.includes(post.authorId)),
            )
            .map((post) => post.postId)
            .slice(0, limit);
          const asked = {
            ...query,
            phrases: query.phrases.map((phrase) => phrase.join(' ')),
            notPhrases: query.notPhrases.map((phrase) => phrase.join(' ')),
          };
          expect(await world.engine.search.searchPosts(asked, { limit })).toEqual(expected);
        },
      ),
      { numRuns: Math.min(300, context.propertyRuns) },
    );
  });

  expectEveryScript(context);
  expectHarmlessTerms(context);
  expectFollowersPostAuthors(context);
  expectAccountSearch(context);
};
