import { createIdGenerator } from '@twite/core/ids/ids';
import { MongoAccountStore } from '../account-store.ts';
import type { MongoContext } from '../mongo-context.ts';
import { MongoPostStore } from '../post-store.ts';

export const ids = createIdGenerator({ clock: Date, machine: 3 });
export const noEntities = { mentions: [], hashtags: [], urls: [] };

export async function insertAccount(context: MongoContext): Promise<string> {
  const accountId = ids.next();
  await new MongoAccountStore(context).insert({
    accountId,
    handle: `H${accountId}`,
    displayName: '',
    passwordHash: '$',
    createdAt: Date.now(),
  });
  return accountId;
}

export async function insertPost(
  context: MongoContext,
  authorId: string,
  postId = ids.next(),
): Promise<string> {
  const post = { postId, authorId, text: 'Hello', entities: noEntities, media: [], createdAt: Date.now() };
  await new MongoPostStore(context).insert({ ...post, visibility: 'public' });
  return postId;
}
