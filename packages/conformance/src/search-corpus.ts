import type { PageBefore } from '@twite/core/keyset';
import { emptyPostQuery, type PostDocument, type PostQuery } from '@twite/core/search/search-index';
import type { World } from './world.ts';

/** A separate author, so that facts do not interfere. */
export function aCorpus(world: World) {
  const authorId = world.id();
  const find = async (query: Partial<PostQuery>, page: PageBefore = { limit: 100 }) => {
    await world.settled();
    return world.engine.search.searchPosts({ ...emptyPostQuery, authorIds: [authorId], ...query }, page);
  };
  const document = (text: string, tags: readonly string[] = []): PostDocument => ({
    postId: world.id(),
    authorId,
    text,
    visibility: 'public',
    tags,
    hasMedia: false,
  });
  const index = async (text: string, tags: readonly string[] = []) => {
    const post = document(text, tags);
    await world.engine.search.indexPosts([post]);
    return post.postId;
  };
  const indexWithMedia = async (text: string) => {
    const post = { ...document(text), hasMedia: true };
    await world.engine.search.indexPosts([post]);
    return post.postId;
  };
  return { authorId, find, document, index, indexWithMedia };
}
