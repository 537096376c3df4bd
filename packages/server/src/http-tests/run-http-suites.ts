import { accounts } from './accounts.suite.ts';
import { admin, lastAdmin } from './admin.suite.ts';
import { caching, cors, docs, noCors } from './browsers.suite.ts';
import { errors, someServices } from './errors.suite.ts';
import { hostileInput } from './hostile-input.suite.ts';
import { idempotency } from './idempotency.suite.ts';
import { lateBodies } from './late-bodies.suite.ts';
import { lists } from './lists.suite.ts';
import {
  expiringMedia,
  media,
  mediaDefaults,
  mediaUploads,
  servedMedia,
  uploadLimits,
} from './media.suite.ts';
import { operations } from './operations.suite.ts';
import { passwordResets } from './password-resets.suite.ts';
import { likes, posts, replies } from './posts.suite.ts';
import { addressLimits, rateLimits, signInLimits } from './rate-limits.suite.ts';
import type { StartServer } from './server-under-test.ts';
import { sessions } from './sessions.suite.ts';
import { blocks, follows, recommendations, search, timelines } from './social.suite.ts';
import type { Place } from './suite.ts';

const suites = [
  accounts,
  sessions,
  posts,
  replies,
  likes,
  mediaUploads,
  media,
  uploadLimits,
  expiringMedia,
  servedMedia,
  mediaDefaults,
  follows,
  blocks,
  timelines,
  search,
  recommendations,
  admin,
  passwordResets,
  operations,
  lists,
  idempotency,
  rateLimits,
  addressLimits,
  signInLimits,
  errors,
  someServices,
  caching,
  noCors,
  cors,
  docs,
  hostileInput,
  lateBodies,
];

/** Registers every black-box suite with vitest. */
export function runHttpSuites(startServer: StartServer, place: Place = 'own servers'): void {
  for (const suite of suites) suite(startServer, place);
  // It needs an instance with one admin.
  if (place === 'own servers') lastAdmin(startServer, place);
}
