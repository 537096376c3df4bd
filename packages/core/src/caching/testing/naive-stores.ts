import type { AccountRecord } from '../../accounts/account-store.ts';
import type { BlockList } from '../../blocks/block-list.ts';
import type { LikeKind, LikeStore } from '../../likes/like-store.ts';
import type { MuteList } from '../../mutes/mute-list.ts';
import type { NewPost, PostRecord, PostStore } from '../../posts/post-store.ts';
import type { NewReply, ReplyRecord, ReplyStore } from '../../replies/reply-store.ts';
import type { SessionRecord, SessionStore } from '../../sessions/session-store.ts';
import type { TokenRecord, TokenStore } from '../../tokens/token-store.ts';
import type { SourceStores } from '../cached-stores.ts';
import { type Invalidation, tag } from '../invalidation.ts';
import type { InvalidationBus } from '../invalidation-bus.ts';
import type { SourceAccountStore, SourceFollowGraph } from '../source-ports.ts';
import { anAccount } from './records.ts';

/**
 * Called before a store acts and after it did, before it notifies the bus. May throw: the outcome is then unknown to
 * the caller.
 */
export type Gate = (where: 'before' | 'after', method: string) => Promise<void> | void;

export interface NaiveData {
  readonly accounts: Map<string, AccountRecord>;
  readonly sessions: Map<string, SessionRecord>;
  readonly tokens: Map<string, TokenRecord>;
  readonly posts: Map<string, NewPost>;
  readonly replies: Map<string, NewReply>;
  /** `<accountId> <kind> <subjectId>` */
  readonly likes: Set<string>;
  /** `<followerId> <followeeId>`, and whether it counts. */
  readonly follows: Map<string, boolean>;
  readonly blocks: Set<string>;
  readonly mutes: Set<string>;
}

export const noData = (): NaiveData => ({
  accounts: new Map(),
  sessions: new Map(),
  tokens: new Map(),
  posts: new Map(),
  replies: new Map(),
  likes: new Set(),
  follows: new Map(),
  blocks: new Set(),
  mutes: new Set(),
});

/** Minimal stores that report their changes to the bus as the ports on MongoDB do. */
export function createNaiveStores(
  data: NaiveData,
  bus: InvalidationBus,
  gate: Gate = () => {},
): SourceStores {
  // Counts change when they are recounted, whichever process does it in the end.
  let recounted: Invalidation[] = [];
  const read =
    <A extends readonly unknown[], R>(method: string, answer: (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      await gate('before', method);
      const answered = answer(...args);
      await gate('after', method);
      return answered;
    };
  const write =
    <A extends readonly unknown[], R>(
      method: string,
      act: (invalidate: (...invalidation: Invalidation) => void, ...args: A) => R,
    ) =>
    async (...args: A): Promise<R> => {
      await gate('before', method);
      const invalidations: Invalidation[] = [];
      recounted = [];
      const result = act((...invalidation) => invalidations.push(invalidation), ...args);
      const counts = recounted;
      try {
        await gate('after', method);
        await bus.invalidate(invalidations);
      } finally {
        await bus.invalidate(counts);
      }
      return result;
    };
  const pairs = (edges: Iterable<string>) => [...edges].map((edge) => edge.split(' ') as [string, string]);
  const likeCount = (kind: LikeKind, subjectId: string) =>
    [...data.likes].filter((like) => like.endsWith(` ${kind} ${subjectId}`)).length;
  const newestOf = (authorIds: readonly string[]) =>
    [...data.posts.values()]
      .filter(({ authorId }) => authorIds.includes(authorId))
      .sort((a, b) => (a.postId < b.postId ? 1 : -1));
  const eraseLikes = (
    invalidate: (...invalidation: Invalidation) => void,
    isErased: (like: string) => boolean,
  ) => {
    const erased = [...data.likes].filter(isErased);
    for (const like of erased) {
      const [accountId = '', kind, subjectId = ''] = like.split(' ');
      data.likes.delete(like);
      invalidate(kind === 'post' ? 'postLikes' : 'replyLikes', accountId);
      recounted.push([kind === 'post' ? 'posts' : 'replies', subjectId]);
    }
    return erased.length;
  };
  const changeAccount = (
    invalidate: (...invalidation: Invalidation) => void,
    accountId: string,
    changes: Partial<AccountRecord>,
  ) => {
    const account = data.accounts.get(accountId);
    if (account === undefined) return false;
    data.accounts.set(accountId, Object.freeze({ ...account, ...changes }));
    invalidate('accounts', accountId);
    return true;
  };
  const endAll = (invalidate: (...invalidation: Invalidation) => void, ended: readonly SessionRecord[]) => {
    for (const session of ended) {
      data.sessions.delete(session.sessionId);
      invalidate('sessions', session.accessHash);
    }
    return ended.length;
  };
  const pairList = (edges: Set<string>, cache: 'hiddenFrom' | 'mutedBy', bothWays: boolean) => {
    const invalidatePair = (
      invalidate: (...invalidation: Invalidation) => void,
      accountId: string,
      targetId: string,
    ) => {
      invalidate(cache, accountId);
      if (bothWays) invalidate(cache, targetId);
    };
    return {
      among: read(cache, (accountId: string) => {
        const others = pairs(edges).flatMap(([one, other]) =>
          one === accountId ? [other] : bothWays && other === accountId ? [one] : [],
        );
        return new Set(others.sort());
      }),
      add: write('add', (invalidate, _edgeId: string, accountId: string, targetId: string) => {
        edges.add(`${accountId} ${targetId}`);
        invalidatePair(invalidate, accountId, targetId);
        return true;
      }),
      remove: write('remove', (invalidate, accountId: string, targetId: string) => {
        invalidatePair(invalidate, accountId, targetId);
        return edges.delete(`${accountId} ${targetId}`);
      }),
      purgeByAccount: write('purgeByAccount', (invalidate, accountId: string) => {
        const purged = pairs(edges).filter((pair) => pair.includes(accountId));
        for (const [one, other] of purged) {
          edges.delete(`${one} ${other}`);
          invalidatePair(invalidate, one, other);
        }
        return purged.length;
      }),
    };
  };
  const blocks = pairList(data.blocks, 'hiddenFrom', true);
  const mutes = pairList(data.mutes, 'mutedBy', false);

  return {
    accounts: {
      insert: write('insert', (invalidate, { accountId, handle }: { accountId: string; handle: string }) => {
        if (data.accounts.has(accountId)) return 'exists';
        data.accounts.set(accountId, anAccount(accountId, { handle }));
        invalidate('accounts', accountId);
        return 'inserted' as const;
      }),
      findMany: read(
        'findMany accounts',
        (ids: readonly string[]) => new Map([...data.accounts].filter(([id]) => ids.includes(id))),
      ),
      findByHandle: read('findByHandle', (handle: string) =>
        [...data.accounts.values()].find((account) => account.handle === handle.toLowerCase()),
      ),
      findManyByHandle: read('findManyByHandle', (handles: readonly string[]) =>
        [...data.accounts.values()].filter(({ handle }) => handles.includes(handle)),
      ),
      update: write('update', changeAccount),
      setSuspension: write('setSuspension', (invalidate, accountId: string, suspension: object | null) =>
        changeAccount(invalidate, accountId, { status: suspension === null ? 'active' : 'suspended' }),
      ),
      markPopular: write('markPopular', (invalidate, accountId: string) => {
        changeAccount(invalidate, accountId, { popular: true });
        invalidate('popularAccounts', 'all');
      }),
      listPopularAccountIds: read('listPopularAccountIds', () =>
        [...data.accounts.values()].filter(({ popular }) => popular).map(({ accountId }) => accountId),
      ),
    } satisfies Partial<SourceAccountStore> as unknown as SourceAccountStore,
    sessions: {
      insert: write('insert', (invalidate, session: SessionRecord) => {
        const before = data.sessions.get(session.sessionId);
        if (before !== undefined) invalidate('sessions', before.accessHash);
        data.sessions.set(session.sessionId, session);
        invalidate('sessions', session.accessHash);
      }),
      findByAccessHash: read('findByAccessHash', (hash: string) =>
        [...data.sessions.values()].find(({ accessHash }) => accessHash === hash),
      ),
      rotate: write(
        'rotate',
        (invalidate, sessionId: string, _generation: number, rotation: Partial<SessionRecord>) => {
          const session = data.sessions.get(sessionId);
          if (session === undefined) return false;
          invalidate('sessions', session.accessHash);
          invalidate('sessions', rotation.accessHash ?? '');
          data.sessions.set(sessionId, Object.freeze({ ...session, ...rotation }));
          return true;
        },
      ),
      delete: write(
        'delete',
        (invalidate, id: string) =>
          endAll(
            invalidate,
            [...data.sessions.values()].filter(({ sessionId }) => sessionId === id),
          ) > 0,
      ),
      deleteByAccount: write('deleteByAccount', (invalidate, id: string) =>
        endAll(
          invalidate,
          [...data.sessions.values()].filter(({ accountId }) => accountId === id),
        ),
      ),
      deleteExpired: write('deleteExpired', (invalidate, before: number) =>
        endAll(
          invalidate,
          [...data.sessions.values()].filter((session) => session.refreshExpiresAt < before),
        ),
      ),
    } satisfies Partial<SessionStore> as unknown as SessionStore,
    tokens: {
      insert: write('insert', (invalidate, token: TokenRecord) => {
        invalidate('tokens', data.tokens.get(token.tokenId)?.secretHash ?? '');
        invalidate('tokens', token.secretHash);
        data.tokens.set(token.tokenId, token);
      }),
      findBySecretHash: read('findBySecretHash', (hash: string) =>
        [...data.tokens.values()].find(({ secretHash }) => secretHash === hash),
      ),
      delete: write('delete', (invalidate, _accountId: string, tokenId: string) => {
        invalidate('tokens', data.tokens.get(tokenId)?.secretHash ?? '');
        return data.tokens.delete(tokenId);
      }),
    } satisfies Partial<TokenStore> as unknown as TokenStore,
    posts: {
      insert: write('insert', (invalidate, post: NewPost) => {
        if (data.posts.has(post.postId)) return 'exists';
        data.posts.set(post.postId, post);
        invalidate('posts', post.postId);
        invalidate('newestPosts', post.authorId);
        return 'inserted';
      }),
      findMany: read('findMany posts', (ids: readonly string[]) => {
        const found = new Map<string, PostRecord>();
        for (const postId of ids) {
          const post = data.posts.get(postId);
          if (post)
            found.set(
              postId,
              Object.freeze({ ...post, likeCount: likeCount('post', postId), replyCount: 0 }),
            );
        }
        return found;
      }),
      setMedia: write('setMedia', (invalidate, postId: string, media: NewPost['media']) => {
        const post = data.posts.get(postId);
        if (post === undefined) return false;
        data.posts.set(postId, { ...post, media });
        invalidate('posts', postId);
        return true;
      }),
      delete: write('delete', (invalidate, postId: string) => {
        invalidate('posts', postId);
        invalidate('newestPosts', data.posts.get(postId)?.authorId ?? '');
        return data.posts.delete(postId);
      }),
      listByAuthor: read('listByAuthor', (authorId: string, { limit }: { limit: number }) =>
        newestOf([authorId])
          .slice(0, limit)
          .map(({ postId }) => postId),
      ),
      listByAuthors: read(
        'listByAuthors',
        (authorIds: readonly string[], { before, limit }: { before?: string | undefined; limit: number }) =>
          newestOf(authorIds)
            .filter(({ postId }) => before === undefined || postId < before)
            .slice(0, limit)
            .map(({ postId, authorId }) => ({ postId, authorId })),
      ),
    } satisfies Partial<PostStore> as unknown as PostStore,
    replies: {
      insert: write('insert', (invalidate, reply: NewReply) => {
        data.replies.set(reply.replyId, reply);
        invalidate('replies', reply.replyId);
        return 'inserted' as const;
      }),
      findMany: read('findMany replies', (ids: readonly string[]) => {
        const found = new Map<string, ReplyRecord>();
        for (const replyId of ids) {
          const reply = data.replies.get(replyId);
          if (reply) found.set(replyId, Object.freeze({ ...reply, likeCount: likeCount('reply', replyId) }));
        }
        return found;
      }),
      setMedia: write('setMedia', (invalidate, replyId: string, media: NewReply['media']) => {
        const reply = data.replies.get(replyId);
        if (reply === undefined) return false;
        data.replies.set(replyId, { ...reply, media });
        invalidate('replies', replyId);
        return true;
      }),
      delete: write('delete', (invalidate, replyId: string) => {
        invalidate('replies', replyId);
        eraseLikes(invalidate, (like) => like.endsWith(` reply ${replyId}`));
        return data.replies.delete(replyId);
      }),
      purgeByPost: write('purgeByPost', (invalidate, postId: string) => {
        const purged = [...data.replies.values()].filter((reply) => reply.postId === postId);
        for (const { replyId } of purged) {
          data.replies.delete(replyId);
          invalidate('replies', replyId);
          eraseLikes(invalidate, (like) => like.endsWith(` reply ${replyId}`));
        }
        return purged.length;
      }),
    } satisfies Partial<ReplyStore> as unknown as ReplyStore,
    likes: {
      add: write(
        'add',
        (
          invalidate,
          { accountId, kind, subjectId }: { accountId: string; kind: LikeKind; subjectId: string },
        ) => {
          data.likes.add(`${accountId} ${kind} ${subjectId}`);
          invalidate(kind === 'post' ? 'postLikes' : 'replyLikes', accountId);
          invalidate(kind === 'post' ? 'posts' : 'replies', subjectId);
          return true;
        },
      ),
      remove: write(
        'remove',
        (invalidate, accountId: string, kind: LikeKind, subjectId: string) =>
          eraseLikes(invalidate, (like) => like === `${accountId} ${kind} ${subjectId}`) > 0,
      ),
      likedAmong: read(
        'likedAmong',
        (accountId: string, kind: LikeKind, ids: readonly string[]) =>
          new Set(ids.filter((id) => data.likes.has(`${accountId} ${kind} ${id}`))),
      ),
      purgeByAccount: write('purgeByAccount', (invalidate, accountId: string) =>
        eraseLikes(invalidate, (like) => like.startsWith(`${accountId} `)),
      ),
      purgeBySubject: write('purgeBySubject', (invalidate, kind: LikeKind, subjectId: string) =>
        eraseLikes(invalidate, (like) => like.endsWith(` ${kind} ${subjectId}`)),
      ),
    } satisfies Partial<LikeStore> as unknown as LikeStore,
    follows: {
      follow: write(
        'follow',
        (invalidate, { followerId, followeeId }: { followerId: string; followeeId: string }) => {
          data.follows.set(`${followerId} ${followeeId}`, true);
          invalidate('followees', followerId);
          return true;
        },
      ),
      unfollow: write('unfollow', (invalidate, followerId: string, followeeId: string) => {
        invalidate('followees', followerId);
        return data.follows.delete(`${followerId} ${followeeId}`);
      }),
      listFolloweeIds: read('listFolloweeIds', (accountId: string) =>
        [...data.follows]
          .filter(([edge, counted]) => counted && edge.startsWith(`${accountId} `))
          .map(([edge]) => edge.split(' ')[1] ?? '')
          .sort(),
      ),
      listFollowees: read('listFollowees', (accountId: string) =>
        [...data.follows]
          .map(([edge, counted]) => ({ edge: edge.split(' '), counted }))
          .filter(({ edge }) => edge[0] === accountId)
          .map(({ edge, counted }) => ({ followeeId: edge[1] ?? '', counted }))
          .sort((a, b) => (a.followeeId < b.followeeId ? -1 : 1)),
      ),
      settleAccount: write('settleAccount', (invalidate, accountId: string, counted: boolean) => {
        for (const [edge] of data.follows) {
          const [followerId = '', followeeId] = edge.split(' ');
          if (followerId !== accountId && followeeId !== accountId) continue;
          data.follows.set(edge, counted);
          invalidate('followees', followerId);
        }
        return { changed: 0, nextCursor: null };
      }),
      purgeByAccount: write('purgeByAccount', (invalidate, accountId: string) => {
        for (const [edge] of data.follows) {
          if (edge.split(' ').includes(accountId)) data.follows.delete(edge);
        }
        invalidate('followees', tag(accountId));
        return 0;
      }),
    } satisfies Partial<SourceFollowGraph> as unknown as SourceFollowGraph,
    blocks: { ...blocks, hiddenFrom: blocks.among } satisfies Partial<BlockList> as unknown as BlockList,
    mutes: { ...mutes, mutedBy: mutes.among } satisfies Partial<MuteList> as unknown as MuteList,
  };
}
