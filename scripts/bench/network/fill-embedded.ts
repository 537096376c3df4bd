import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import { databaseFileName } from '../../../packages/engine-embedded/src/backup/database-file.ts';
import {
  accountIdOf,
  countOf,
  createdAt,
  edgeIdOf,
  handleOf,
  type Network,
  postIdOf,
  replyIdOf,
  textOf,
} from './network.ts';
import { openReaders } from './readers.ts';

const noEntities = JSON.stringify({ mentions: [], hashtags: [], urls: [] });

function fill(folder: string, network: Network): void {
  const db = new DatabaseSync(join(folder, databaseFileName));
  /** Inserts a row for each item, in the order of the columns. */
  const insert = <T>(
    into: string,
    items: readonly T[],
    rowOf: (item: T, number: number) => readonly (string | number)[],
  ) => {
    const columns = into.slice(into.indexOf('(')).split(',').length;
    const statement = db.prepare(`INSERT INTO ${into} VALUES (${Array(columns).fill('?').join(', ')})`);
    for (const [number, item] of items.entries()) statement.run(...rowOf(item, number));
  };
  const { posts, follows, likes, replies } = network;
  const followers = countOf(follows.map(([, followee]) => followee));
  const followees = countOf(follows.map(([follower]) => follower));
  const publicPosts = countOf(
    posts.flatMap(({ author, visibility }) => (visibility === 'public' ? author : [])),
  );
  const otherPosts = countOf(
    posts.flatMap(({ author, visibility }) => (visibility === 'public' ? [] : author)),
  );
  const likesOf = countOf(likes.map(([, post]) => post));
  const repliesTo = countOf(replies.map(([, post]) => post));
  try {
    db.exec('BEGIN');
    insert(
      `accounts (account_id, handle, handle_key, display_name, created_at, follower_count, following_count,
        public_post_count, followers_post_count)`,
      Array.from({ length: network.accountCount }, (_, account) => account),
      (account) => [
        accountIdOf(account),
        handleOf(account),
        handleOf(account).toLowerCase(),
        handleOf(account),
        createdAt,
        ...[followers, followees, publicPosts, otherPosts].map((counts) => counts.get(account) ?? 0),
      ],
    );
    insert(
      'posts (post_id, author_id, text, entities, visibility, created_at, like_count, reply_count)',
      posts,
      ({ author, visibility }, post) => [
        postIdOf(post),
        accountIdOf(author),
        textOf(post),
        noEntities,
        visibility,
        createdAt,
        likesOf.get(post) ?? 0,
        repliesTo.get(post) ?? 0,
      ],
    );
    insert('follows (follower_id, followee_id, follow_id, counted)', follows, ([from, to], number) => [
      accountIdOf(from),
      accountIdOf(to),
      edgeIdOf(number),
      1,
    ]);
    for (const table of ['blocks', 'mutes'] as const)
      insert(`${table} (account_id, target_id, edge_id)`, network[table], ([from, to], number) => [
        accountIdOf(from),
        accountIdOf(to),
        edgeIdOf(number),
      ]);
    insert('likes (account_id, kind, subject_id, like_id, counted)', likes, ([account, post], number) => [
      accountIdOf(account),
      'post',
      postIdOf(post),
      edgeIdOf(number),
      1,
    ]);
    insert(
      'replies (reply_id, post_id, author_id, text, entities, created_at, counted)',
      replies,
      ([account, post], number) => [
        replyIdOf(number),
        postIdOf(post),
        accountIdOf(account),
        textOf(post),
        noEntities,
        createdAt,
        1,
      ],
    );
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/** Writes a network into a new data folder, and returns the access tokens of its readers. */
export async function fillEmbedded(folder: string, network: Network): Promise<ReadonlyMap<number, string>> {
  const open = () => openEmbeddedEngine({ location: folder, clock: Date, settings: defaultSettings });
  await (await open())[Symbol.asyncDispose]();
  fill(folder, network);
  await using opened = await open();
  const ids = createIdGenerator({ clock: Date, machine: 0 });
  return await openReaders({ engine: opened.engine, ids }, network);
}
