import type { Collections, DatabaseName } from '../mongodb/databases.ts';

/**
 * Each stage of a backup ends with a cut, in this order: referring data is cut before the data it refers to, so that no
 * backup holds a reply without its post or a like without its account. Referenced data is never erased in between:
 * posts, replies and accounts leave tombstones.
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
  /** The field that holds a Twite id, which no new id may equal. */
  readonly idField: string | null;
}

/**
 * What a backup holds of each collection. Null: nothing, because the collection describes processes that are running
 * now.
 */
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
  // Nothing else records what they were about.
  parkedMessages: { stage: 'accounts', idField: null },
  scheduledJobs: { stage: 'accounts', idField: null },
  // The migrations that the data has gone through.
  migrations: { stage: 'accounts', idField: null },
  // A used link must not work again.
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

/** The section that holds the changes made while the documents were read. They are restored after the documents. */
export const changesSection = 'changes';
