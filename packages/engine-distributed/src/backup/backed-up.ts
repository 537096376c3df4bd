import type { Collections, DatabaseName } from '../mongodb/databases.ts';

/**
 * A backup ends each stage with a cut, in this order: what refers to something is cut before that, so that a backup holds no
 * reply without its post and no like without its account. What is referred to is never erased in between: posts, replies and
 * accounts leave tombstones.
 */
export const stages = ['edges', 'likes', 'replies', 'posts', 'accounts', 'media'] as const;
export type Stage = (typeof stages)[number];

/** The database that holds the collections of a stage. */
export const databaseOf: Readonly<Record<Stage, DatabaseName>> = {
  edges: 'social',
  likes: 'posts',
  replies: 'replies',
  posts: 'posts',
  accounts: 'identity',
  media: 'posts',
};

interface BackedUp {
  readonly stage: Stage;
  /** The field that holds an id of ours, which no new one may equal. */
  readonly idField: string | null;
}

/** What a backup holds of each collection. Null: nothing, because it is about processes that run now. */
const plan = {
  follows: { stage: 'edges', idField: 'followId' },
  blocks: { stage: 'edges', idField: 'edgeId' },
  mutes: { stage: 'edges', idField: 'edgeId' },
  likes: { stage: 'likes', idField: 'likeId' },
  replies: { stage: 'replies', idField: '_id' },
  posts: { stage: 'posts', idField: '_id' },
  accounts: { stage: 'accounts', idField: '_id' },
  media: { stage: 'media', idField: '_id' },
  sessions: { stage: 'accounts', idField: '_id' },
  tokens: { stage: 'accounts', idField: '_id' },
  auditLog: { stage: 'accounts', idField: '_id' },
  idempotencyKeys: { stage: 'accounts', idField: 'resourceId' },
  // Nothing else knows what they were about.
  parkedMessages: { stage: 'accounts', idField: null },
  scheduledJobs: { stage: 'accounts', idField: null },
  // Which of them the data went through.
  migrations: { stage: 'accounts', idField: null },
  // A link that was used must not work again.
  passwordResets: null,
  processes: null,
  relays: null,
  leases: null,
  queueProgress: null,
} as const satisfies Readonly<Record<keyof Collections, BackedUp | null>>;

type Plan = typeof plan;
export type BackedUpName = { [C in keyof Plan]: Plan[C] extends null ? never : C }[keyof Plan];

export const backedUp: Readonly<Record<BackedUpName, BackedUp>> = plan;
export const backedUpNames = (Object.keys(plan) as (keyof Collections)[]).filter(
  (name): name is BackedUpName => plan[name] !== null,
);

export const databaseOfCollection = (name: BackedUpName): DatabaseName => databaseOf[backedUp[name].stage];

/** `identity/accounts`: the section of an archive that holds the documents of a collection. */
export const sectionOf = (name: BackedUpName): string => `${databaseOfCollection(name)}/${name}`;

/** The section that holds what changed while the documents were read: to be restored after them. */
export const changesSection = 'changes';
