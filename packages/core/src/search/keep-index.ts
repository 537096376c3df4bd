import type { Engine } from '../engine.ts';
import type { EventFor } from '../events/domain-event.ts';

type IndexDeps = Pick<Engine, 'search' | 'posts' | 'accounts'>;

async function indexPosts(deps: IndexDeps, postIds: ReadonlySet<string>): Promise<void> {
  if (postIds.size === 0) return;
  const posts = await deps.posts.findMany([...postIds]);
  const gone = [...postIds].filter((postId) => !posts.has(postId));
  if (gone.length > 0) await deps.search.removePosts(gone);
  if (posts.size === 0) return;
  await deps.search.indexPosts(
    [...posts.values()].map(({ postId, authorId, text, visibility, entities, media }) => ({
      postId,
      authorId,
      text,
      visibility,
      tags: entities.hashtags.map((hashtag) => hashtag.tag),
      hasMedia: media.length > 0,
    })),
  );
}

async function indexAccounts(deps: IndexDeps, accountIds: ReadonlySet<string>): Promise<void> {
  if (accountIds.size === 0) return;
  const accounts = await deps.accounts.findMany([...accountIds]);
  const active = [...accounts.values()].filter((account) => account.status === 'active');
  const gone = [...accounts.values()].filter((account) => account.status !== 'active');
  if (gone.length > 0) {
    await deps.search.removeAccounts(gone.map(({ accountId, rev }) => ({ accountId, rev })));
  }
  if (active.length > 0) {
    await deps.search.indexAccounts(
      active.map(({ accountId, rev, handle, displayName }) => ({ accountId, rev, handle, displayName })),
    );
  }
}

/** Updates the index with the current state of what the events touched, so retries and reordering are harmless. */
export async function keepIndex(deps: IndexDeps, events: readonly EventFor<'searchIndex'>[]): Promise<void> {
  const postIds = new Set<string>();
  const accountIds = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case 'postCreated':
      case 'postDeleted':
        postIds.add(event.postId);
        break;
      case 'accountCreated':
      case 'accountUpdated':
      case 'accountStatusChanged':
        accountIds.add(event.accountId);
        break;
      default:
        event satisfies never;
    }
  }
  await indexPosts(deps, postIds);
  await indexAccounts(deps, accountIds);
}
