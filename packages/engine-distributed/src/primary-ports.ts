import { cachedStores } from '@twite/core/caching/cached-stores';
import { type Caches, createCaches } from '@twite/core/caching/caches';
import type { InvalidationBus } from '@twite/core/caching/invalidation-bus';
import type { Engine } from '@twite/core/engine';
import type { CallGuard } from './dependency.ts';
import { MongoAccountStore } from './mongodb/account-store.ts';
import { MongoAuditLog } from './mongodb/audit-log.ts';
import { MongoBlockList } from './mongodb/block-list.ts';
import { MongoFollowGraph } from './mongodb/follow-graph.ts';
import { MongoIdempotencyStore } from './mongodb/idempotency-store.ts';
import { MongoInstanceStats } from './mongodb/instance-stats.ts';
import { MongoLikeStore } from './mongodb/like-store.ts';
import { MongoMediaCatalogue } from './mongodb/media-catalogue.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { MongoMuteList } from './mongodb/mute-list.ts';
import { MongoPasswordResetStore } from './mongodb/password-reset-store.ts';
import { MongoPostStore } from './mongodb/post-store.ts';
import { MongoReplyStore } from './mongodb/reply-store.ts';
import { MongoSessionStore } from './mongodb/session-store.ts';
import { MongoTokenStore } from './mongodb/token-store.ts';
import type { RedisPostCache } from './redis/post-cache.ts';
import { sharedPostStore } from './redis/shared-post-store.ts';

type PrimaryPort =
  | 'accounts'
  | 'sessions'
  | 'tokens'
  | 'passwordResets'
  | 'posts'
  | 'replies'
  | 'likes'
  | 'follows'
  | 'blocks'
  | 'mutes'
  | 'media'
  | 'idempotency'
  | 'auditLog'
  | 'stats';

export interface PrimaryPortsOptions {
  readonly context: MongoContext;
  readonly mongodb: CallGuard;
  readonly caches: Caches;
  readonly bus: InvalidationBus;
  /** The posts that processes share. Without it, posts are read from MongoDB. */
  readonly sharedPosts?: Pick<RedisPostCache, 'read'>;
}

/** Caches that never keep anything, because no bus resumes them. */
export const withoutCaches = (): Pick<PrimaryPortsOptions, 'caches'> => ({
  caches: createCaches({ bytesMax: 0, isShared: true }),
});

/** The sources of truth, on MongoDB. The caches come before the guard, so that a hit makes no request. */
export function makePrimaryPorts(options: PrimaryPortsOptions): Pick<Engine, PrimaryPort> {
  const { context, mongodb, caches, bus, sharedPosts } = options;
  const posts = mongodb.guard(new MongoPostStore(context));
  const source = {
    accounts: mongodb.guard(new MongoAccountStore(context)),
    sessions: mongodb.guard(new MongoSessionStore(context)),
    tokens: mongodb.guard(new MongoTokenStore(context)),
    posts: sharedPosts === undefined ? posts : sharedPostStore(posts, sharedPosts),
    replies: mongodb.guard(new MongoReplyStore(context)),
    likes: mongodb.guard(new MongoLikeStore(context)),
    follows: mongodb.guard(new MongoFollowGraph(context)),
    blocks: mongodb.guard(new MongoBlockList(context)),
    mutes: mongodb.guard(new MongoMuteList(context)),
  };
  return {
    ...cachedStores(source, caches, bus),
    passwordResets: mongodb.guard(new MongoPasswordResetStore(context)),
    media: mongodb.guard(new MongoMediaCatalogue(context)),
    idempotency: mongodb.guard(new MongoIdempotencyStore(context)),
    auditLog: mongodb.guard(new MongoAuditLog(context)),
    stats: mongodb.guard(new MongoInstanceStats(context)),
  };
}
