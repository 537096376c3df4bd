import { runSuites } from '@twite/conformance/suites';
import type { OpenEngine } from '@twite/core/engine';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { describe } from 'vitest';
import { snapshotOf } from '../relay/snapshot.ts';
import { partEngine } from '../testing/part-engine.ts';
import { MongoAccountStore } from './account-store.ts';
import { MongoAuditLog } from './audit-log.ts';
import { MongoBlockList } from './block-list.ts';
import { isOwnEventFor } from './event-origins.ts';
import { MongoFollowGraph } from './follow-graph.ts';
import { MongoIdempotencyStore } from './idempotency-store.ts';
import { MongoInstanceStats } from './instance-stats.ts';
import { MongoLikeStore } from './like-store.ts';
import { MongoMediaCatalogue } from './media-catalogue.ts';
import { MongoMuteList } from './mute-list.ts';
import { MongoPasswordResetStore } from './password-reset-store.ts';
import { MongoPostStore } from './post-store.ts';
import { type RepairableEvent, repairCounts } from './repair-counts.ts';
import { MongoReplyStore } from './reply-store.ts';
import { MongoSessionStore } from './session-store.ts';
import { mongoUrl, openTestMongo } from './testing/open-mongo.ts';
import { MongoTokenStore } from './token-store.ts';

async function open(): Promise<OpenEngine> {
  const mongo = await openTestMongo();
  const { context, counts } = mongo;
  const ports = {
    accounts: new MongoAccountStore(context),
    sessions: new MongoSessionStore(context),
    tokens: new MongoTokenStore(context),
    passwordResets: new MongoPasswordResetStore(context),
    posts: new MongoPostStore(context),
    replies: new MongoReplyStore(context),
    likes: new MongoLikeStore(context),
    follows: new MongoFollowGraph(context),
    blocks: new MongoBlockList(context),
    mutes: new MongoMuteList(context),
    media: new MongoMediaCatalogue(context),
    idempotency: new MongoIdempotencyStore(context),
    auditLog: new MongoAuditLog(context),
    stats: new MongoInstanceStats(context),
  };
  return partEngine(ports, {
    // There is no relay: the current state, as events, has its counts repaired.
    async settled() {
      for await (const { events } of snapshotOf(context.collections, ['posts'])) {
        await repairCounts(
          context,
          events.filter(isCounted).map((event) => ({ event, snapshot: false })),
        );
      }
      await counts.sweepDirty();
    },
    close: async () => mongo[Symbol.asyncDispose](),
  });
}

const isCounted = (event: DomainEvent): event is RepairableEvent['event'] =>
  isOwnEventFor('counts', event.type);

const declaredExceptions = [
  {
    suite: 'media',
    fact: 'a change that clients can see emits an event, and no other change does',
    reason: 'events come by the relay and the broker: see distributed.conformance.test.ts',
  },
];

describe.runIf(mongoUrl)('the ports on MongoDB keep what they promise (TWITE_TEST_MONGODB_URL)', () => {
  runSuites({ name: 'MongoDB', open, propertyRuns: 30, declaredExceptions }, [
    'accounts',
    'sessions',
    'tokens',
    'passwordResets',
    'posts',
    'replies',
    'likes',
    'follows',
    'blocks',
    'mutes',
    'media',
    'idempotency',
    'auditLog',
    'stats',
    'counts',
  ]);
});
