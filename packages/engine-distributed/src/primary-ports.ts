import type { Engine } from '@twite/core/engine';
import { CachedAccountStore } from './caches/account-store.ts';
import { CachedBlockList } from './caches/block-list.ts';
import { type Caches, createCaches } from './caches/caches.ts';
import { CachedFollowGraph } from './caches/follow-graph.ts';
import type { InvalidationBus } from './caches/invalidation-bus.ts';
import { CachedLikeStore } from './caches/like-store.ts';
import { CachedMuteList } from './caches/mute-list.ts';
import { CachedPostStore } from './caches/post-store.ts';
import { CachedReplyStore } from './caches/reply-store.ts';
import { CachedSessionStore } from './caches/session-store.ts';
import { CachedTokenStore } from './caches/token-store.ts';
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
  readonly sharedPosts: Pick<RedisPostCache, 'read'>;
}

/** Caches that never keep anything, because no bus resumes them. */
export const withoutCaches = (): Pick<PrimaryPortsOptions, 'caches' | 'sharedPosts'> => ({
  caches: createCaches(),
  sharedPosts: { read: async () => ({ found: new Map(), fill: async () => {} }) },
});

/** The sources of truth, on MongoDB. The caches come before the guard, so that a hit makes no request. */
export function makePrimaryPorts(options: PrimaryPortsOptions): Pick<Engine, PrimaryPort> {
  const { context, mongodb, caches, bus, sharedPosts } = options;
  const accounts = mongodb.guard(new MongoAccountStore(context));
  return {
    accounts: new CachedAccountStore(accounts, caches, bus),
    sessions: new CachedSessionStore(mongodb.guard(new MongoSessionStore(context)), caches, bus),
    tokens: new CachedTokenStore(mongodb.guard(new MongoTokenStore(context)), caches, bus),
    passwordResets: mongodb.guard(new MongoPasswordResetStore(context)),
    posts: new CachedPostStore(mongodb.guard(new MongoPostStore(context)), sharedPosts, caches, bus),
    replies: new CachedReplyStore(mongodb.guard(new MongoReplyStore(context)), caches, bus),
    likes: new CachedLikeStore(mongodb.guard(new MongoLikeStore(context)), caches, bus),
    follows: new CachedFollowGraph(mongodb.guard(new MongoFollowGraph(context)), accounts, caches, bus),
    blocks: new CachedBlockList(mongodb.guard(new MongoBlockList(context)), caches, bus),
    mutes: new CachedMuteList(mongodb.guard(new MongoMuteList(context)), caches, bus),
    media: mongodb.guard(new MongoMediaCatalogue(context)),
    idempotency: mongodb.guard(new MongoIdempotencyStore(context)),
    auditLog: mongodb.guard(new MongoAuditLog(context)),
    stats: mongodb.guard(new MongoInstanceStats(context)),
  };
}
