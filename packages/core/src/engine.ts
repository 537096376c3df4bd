import type { ServiceName } from '@twite/contract';
import type { AccountStore } from './accounts/account-store.ts';
import { defaultReservedHandles } from './accounts/reserved-handles.ts';
import type { AuditLog } from './admin/audit-log.ts';
import type { EngineStatus } from './admin/engine-status.ts';
import type { InstanceStats } from './admin/instance-stats.ts';
import type { BlockList } from './blocks/block-list.ts';
import type { Clock } from './clock.ts';
import type { EventStream } from './events/event-stream.ts';
import type { FollowGraph } from './follows/follow-graph.ts';
import type { IdempotencyStore } from './idempotency/idempotency-store.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import type { LikeStore } from './likes/like-store.ts';
import type { BlobStore } from './media/blob-store.ts';
import type { MediaCatalogue } from './media/media-catalogue.ts';
import { defaultMediaLimits, type MediaLimits } from './media/media-limits.ts';
import type { MediaProcessor } from './media/media-processor.ts';
import type { MediaUrl } from './media/present-media.ts';
import type { MuteList } from './mutes/mute-list.ts';
import type { PasswordResetStore } from './password-resets/password-reset-store.ts';
import type { PasswordHasher } from './passwords/password-hasher.ts';
import type { PostStore } from './posts/post-store.ts';
import type { WorkQueues } from './queues/work-queues.ts';
import type { RateLimiter } from './rate-limits/rate-limiter.ts';
import type { RecommendationGraph } from './recommendations/recommendation-graph.ts';
import type { ReplyStore } from './replies/reply-store.ts';
import type { SearchIndex } from './search/search-index.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { TimelineCache } from './timelines/timeline-cache.ts';
import type { TimelineRebuilds } from './timelines/timeline-rebuilds.ts';
import type { TokenStore } from './tokens/token-store.ts';

/** All ports. An engine provides an adapter for each; `@twite/conformance` has a suite for each. */
export interface Engine {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly passwordResets: PasswordResetStore;
  readonly posts: PostStore;
  readonly replies: ReplyStore;
  readonly likes: LikeStore;
  readonly follows: FollowGraph;
  readonly blocks: BlockList;
  readonly mutes: MuteList;
  readonly media: MediaCatalogue;
  readonly blobs: BlobStore;
  readonly timelines: TimelineCache;
  readonly search: SearchIndex;
  readonly recommendations: RecommendationGraph;
  readonly rateLimiter: RateLimiter;
  readonly idempotency: IdempotencyStore;
  readonly auditLog: AuditLog;
  readonly stats: InstanceStats;
  readonly events: EventStream;
  readonly jobs: JobQueue;
  readonly queues: WorkQueues;
}

/** An open engine, with what its process needs besides the ports. */
export interface OpenEngine extends AsyncDisposable {
  readonly engine: Engine;
  /**
   * Uncached ports for consumers and jobs: a read is at least as new as the event being handled. An engine without
   * caches returns the same objects.
   */
  readonly uncached: Engine;
  /**
   * Resolves when the primary store answers for at least one of these services, by default all. Rejects with a clear
   * message if no store can serve them.
   */
  checkPrimary(services?: readonly ServiceName[]): Promise<void>;
  /**
   * Resolves once the consumers in this process have handled every event so far and every job that those events caused.
   */
  settled(): Promise<void>;
  /** Checks every dependency and waits for its deadline, or for `withinMs` if that is shorter. Never rejects. */
  status(withinMs?: number): Promise<EngineStatus>;
  /** Resolves, with the reason, when the engine can no longer be trusted and the process must exit. */
  readonly failed: Promise<Error>;
}

/** Product settings. `loadConfig` reads those that operators may change from the environment. */
export interface Settings {
  /** Handles that nobody can sign up with, ignoring case and underscores. */
  readonly reservedHandles: readonly string[];
  readonly textWeightedLengthMax: number;
  /** Whether anyone may list the newest public posts of all accounts. */
  readonly publicTimeline: boolean;
  /** The posts of accounts with more followers are merged on read. */
  readonly popularFollowerThreshold: number;
  /** The number of ids in a timeline's window. */
  readonly timelineLength: number;
  /** The number of followers that one step of fan-out pushes to. */
  readonly fanOutChunkSize: number;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly idempotencySeconds: number;
  /** One more session ends the least recently used one. */
  readonly sessionsPerAccountMax: number;
  readonly tokensPerAccountMax: number;
  /** The number of active accounts that one may follow. */
  readonly followsPerAccountMax: number;
  readonly blocksPerAccountMax: number;
  readonly mutesPerAccountMax: number;
  /** How long a password reset link is valid. */
  readonly passwordResetSeconds: number;
  readonly media: MediaLimits;
}

export const defaultSettings: Settings = Object.freeze({
  reservedHandles: defaultReservedHandles,
  textWeightedLengthMax: 280,
  publicTimeline: true,
  popularFollowerThreshold: 5_000,
  timelineLength: 800,
  fanOutChunkSize: 1_000,
  accessTokenSeconds: 15 * 60,
  refreshTokenSeconds: 30 * 86_400,
  refreshGraceSeconds: 30,
  idempotencySeconds: 86_400,
  sessionsPerAccountMax: 100,
  tokensPerAccountMax: 100,
  followsPerAccountMax: 7_500,
  blocksPerAccountMax: 10_000,
  mutesPerAccountMax: 10_000,
  passwordResetSeconds: 60 * 60,
  media: defaultMediaLimits,
});

/** All dependencies of use cases. Each takes a `Pick` of them. */
export interface Deps extends Engine {
  readonly clock: Clock;
  readonly ids: { next(): string };
  readonly passwords: PasswordHasher;
  readonly mediaProcessor: MediaProcessor;
  readonly mediaUrl: MediaUrl;
  readonly timelineRebuilds: TimelineRebuilds;
  readonly settings: Settings;
}
