import type { Engine } from '@twite/core/engine';
import { accountsSuite } from './accounts.suite.ts';
import { auditLogSuite } from './audit-log.suite.ts';
import { blobsSuite } from './blobs.suite.ts';
import { blocksSuite } from './blocks.suite.ts';
import { eventsSuite } from './events.suite.ts';
import { followsSuite } from './follows.suite.ts';
import { idempotencySuite } from './idempotency.suite.ts';
import { jobsSuite } from './jobs.suite.ts';
import { likesSuite } from './likes.suite.ts';
import { mediaSuite } from './media.suite.ts';
import { mutesSuite } from './mutes.suite.ts';
import { passwordResetsSuite } from './password-resets.suite.ts';
import { postsSuite } from './posts.suite.ts';
import { queuesSuite } from './queues.suite.ts';
import { rateLimiterSuite } from './rate-limiter.suite.ts';
import { recommendationsSuite } from './recommendations.suite.ts';
import { repliesSuite } from './replies.suite.ts';
import { searchSuite } from './search.suite.ts';
import { sessionsSuite } from './sessions.suite.ts';
import { statsSuite } from './stats.suite.ts';
import type { Suite } from './suite.ts';
import { timelinesSuite } from './timelines.suite.ts';
import { tokensSuite } from './tokens.suite.ts';

/** The suite of each port. A port without one does not compile. */
export const suites = {
  accounts: accountsSuite,
  sessions: sessionsSuite,
  tokens: tokensSuite,
  passwordResets: passwordResetsSuite,
  posts: postsSuite,
  replies: repliesSuite,
  likes: likesSuite,
  follows: followsSuite,
  blocks: blocksSuite,
  mutes: mutesSuite,
  media: mediaSuite,
  blobs: blobsSuite,
  timelines: timelinesSuite,
  search: searchSuite,
  recommendations: recommendationsSuite,
  rateLimiter: rateLimiterSuite,
  idempotency: idempotencySuite,
  auditLog: auditLogSuite,
  stats: statsSuite,
  events: eventsSuite,
  jobs: jobsSuite,
  queues: queuesSuite,
} satisfies Record<keyof Engine, Suite>;
