import type { PostDocument } from '@twite/core/search/search-index';
import { emptyPostQuery } from '@twite/core/search/search-index';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SuiteContext } from './suite.ts';
import { aPost, type World } from './world.ts';

async function publish(
  world: World,
  authorId: string,
  text: string,
  given: Partial<PostDocument> = {},
): Promise<string> {
  const { visibility = 'followers' } = given;
  const post = aPost(world, authorId, { text, visibility });
  const { postId } = post;
  // An index may ask the post store for the author of a post.
  await world.engine.posts.insert(post);
  const document: PostDocument = { postId, authorId, text, visibility, tags: [], hasMedia: false, ...given };
  await world.engine.search.indexPosts([document]);
  return postId;
}

export function expectFollowersPostAuthors({ fact, propertyRuns }: SuiteContext): void {
  fact('authors of followers-only posts are found by their newest match, each once', async (world) => {
    const { search } = world.engine;
    const [ann, bob, eve] = [world.id(), world.id(), world.id()];
    const mark = world.word();
    const terms = { ...emptyPostQuery, words: [mark] };
    const oldest = await publish(world, ann, `${mark} one`);
    await publish(world, bob, `${mark} two`);
    await publish(world, eve, `${mark} three`, { visibility: 'public' });
    const newest = await publish(world, ann, `${mark} four`, { tags: ['t'], hasMedia: true });
    await publish(world, eve, 'without the word');
    await world.settled();
    const find = (given: Partial<typeof terms>, range: { before?: string; after?: string; limit?: number }) =>
      search.findFollowersPostAuthors({ ...terms, ...given }, { limit: 10, ...range });
    const all = { authorIds: [ann, bob], isComplete: true };
    expect(await find({}, {})).toEqual(all);
    expect(await find({}, { limit: 2 })).toEqual(all);
    expect(await find({}, { limit: 1 })).toEqual({ authorIds: [ann], isComplete: false });
    expect(await find({}, { before: newest })).toEqual({ authorIds: [bob, ann], isComplete: true });
    expect(await find({}, { before: newest, after: oldest })).toEqual({ authorIds: [bob], isComplete: true });
    expect(await find({}, { before: oldest })).toEqual({ authorIds: [], isComplete: true });
    for (const given of [
      { notAuthorIds: [bob] },
      { tags: ['t'] },
      { hasMedia: true },
      { notWords: ['two'] },
    ]) {
      expect(await find(given, {})).toEqual({ authorIds: [ann], isComplete: true });
    }
    for (const given of [{ words: [] }, { authorIds: [] }, { authorIds: [eve] }, { words: [mark, 'none'] }]) {
      expect(await find(given, {})).toEqual({ authorIds: [], isComplete: true });
    }
    await search.removePosts([newest]);
    await world.settled();
    expect(await find({}, {})).toEqual({ authorIds: [bob, ann], isComplete: true });
  });

  fact('the found authors equal those of a naive search', async (world) => {
    const { search } = world.engine;
    const authors = Array.from({ length: 4 }, () => world.id());
    const mark = world.word();
    const posts: { postId: string; authorId: string; visibility: 'public' | 'followers' }[] = [];
    for (let index = 0; index < 40; index++) {
      const authorId = authors[(index * index + Math.floor(index / 3)) % 4] ?? '';
      const visibility = index % 3 === 0 ? ('public' as const) : ('followers' as const);
      posts.unshift({ postId: await publish(world, authorId, mark, { visibility }), authorId, visibility });
    }
    await world.settled();
    const place = fc.option(fc.constantFrom(...posts.map(({ postId }) => postId)), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ before: place, after: place, limit: fc.integer({ min: 1, max: 5 }) }),
        fc.subarray(authors, { maxLength: 2 }),
        async (range, notAuthorIds) => {
          const matching = posts.filter(
            ({ postId, authorId, visibility }) =>
              visibility === 'followers' &&
              !notAuthorIds.includes(authorId) &&
              (range.before === undefined || postId < range.before) &&
              (range.after === undefined || postId > range.after),
          );
          const expected = [...new Set(matching.map(({ authorId }) => authorId))];
          const terms = { ...emptyPostQuery, words: [mark], notAuthorIds };
          expect(await search.findFollowersPostAuthors(terms, range)).toEqual({
            authorIds: expected.slice(0, range.limit),
            isComplete: expected.length <= range.limit,
          });
        },
      ),
      { numRuns: Math.min(300, propertyRuns) },
    );
  });
}
