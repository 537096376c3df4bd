import type { PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewPost, PostRecord, PostRef, PostStore } from '@twite/core/posts/post-store';
import { mergeNewest } from './merge-newest.ts';
import { aboveAllIds, type Store } from './store.ts';
import { parseMedia } from './stored-media.ts';
import { parseEntities } from './text-entities.ts';

type PostRow = Omit<PostRecord, 'entities' | 'media'> & {
  readonly entities: string;
  readonly media: string | null;
};

export class SqlitePostStore implements PostStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(post: NewPost): Promise<'inserted' | 'exists'> {
    return this.#store.writer.run('insertPost', post);
  }

  async findMany(postIds: readonly string[]): Promise<ReadonlyMap<string, PostRecord>> {
    const found = new Map<string, PostRecord>();
    for (const postId of postIds) {
      const post = this.#find(postId);
      if (post !== undefined) found.set(postId, post);
    }
    return found;
  }

  setMedia(postId: string, media: readonly MediaSnapshot[]): Promise<boolean> {
    return this.#store.writer.run('setPostMedia', { postId, media });
  }

  delete(postId: string): Promise<boolean> {
    return this.#store.writer.run('deletePost', { postId });
  }

  async listByAuthor(
    authorId: string,
    { before = aboveAllIds, limit, visibility }: PageBefore & { readonly visibility: 'public' | 'all' },
  ): Promise<readonly string[]> {
    if (visibility === 'all') return this.#newestOf(authorId, before, limit);
    return this.#store.read
      .all<{ postId: string }>(
        `SELECT post_id AS postId FROM posts INDEXED BY public_posts_by_author
         WHERE author_id = ? AND post_id < ? AND visibility = 'public' ORDER BY post_id DESC LIMIT ?`,
        authorId,
        before,
        limit,
      )
      .map(({ postId }) => postId);
  }

  async listPublic({ before = aboveAllIds, limit }: PageBefore): Promise<readonly PostRef[]> {
    return this.#store.read.all<PostRef>(
      `SELECT post_id AS postId, author_id AS authorId FROM posts INDEXED BY public_posts
       WHERE visibility = 'public' AND post_id < ? ORDER BY post_id DESC LIMIT ?`,
      before,
      limit,
    );
  }

  listByAuthors(
    authorIds: readonly string[],
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly PostRef[]> {
    const newestOf = (authorId: string, from: string, count: number) => this.#newestOf(authorId, from, count);
    return mergeNewest([...new Set(authorIds)], newestOf, { before, limit });
  }

  #newestOf(authorId: string, before: string, limit: number): readonly string[] {
    return this.#store.read
      .all<{ postId: string }>(
        `SELECT post_id AS postId FROM posts INDEXED BY posts_by_author
         WHERE author_id = ? AND post_id < ? ORDER BY post_id DESC LIMIT ?`,
        authorId,
        before,
        limit,
      )
      .map(({ postId }) => postId);
  }

  #find(postId: string): PostRecord | undefined {
    const row = this.#store.read.get<PostRow>(
      `SELECT post_id AS postId, author_id AS authorId, text, entities, visibility, media,
         created_at AS createdAt, like_count AS likeCount, reply_count AS replyCount
       FROM posts WHERE post_id = ?`,
      postId,
    );
    if (row === undefined) return undefined;
    return Object.freeze({ ...row, entities: parseEntities(row.entities), media: parseMedia(row.media) });
  }
}
