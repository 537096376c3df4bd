import type { Client } from '@elastic/elasticsearch';
import type { RebuiltSearch } from '@twite/core/admin/derived-data';
import type { AccountDocument, PostDocument } from '@twite/core/search/search-index';
import type { Log } from '../log.ts';
import {
  aliasOf,
  createIndex,
  currentIndex,
  ensureIndices,
  indexOf,
  refreshInterval,
  type SearchKind,
  searchKinds,
  versionOf,
} from './indices.ts';
import { type RebuildLock, takeRebuildLock } from './rebuild-lock.ts';
import {
  accountTombstone,
  accountVersion,
  postTombstone,
  postVersion,
  type VersionedDocument,
} from './search-documents.ts';
import { writeVersions } from './write-versions.ts';

/** The current state of a post in its source. */
export type PostState = PostDocument | { readonly postId: string; readonly deleted: true };
/** The current state of an account in its source. An inactive account must not be found. */
export type AccountState = AccountDocument & { readonly active: boolean };

/** Reads the source of truth page by page; each page is read after the previous one was indexed. */
export interface SearchWalks {
  posts(): AsyncIterable<readonly PostState[]>;
  accounts(): AsyncIterable<readonly AccountState[]>;
  /** Those written or removed at or after a time, by the clocks of the writing processes. */
  postsChangedSince(ms: number): AsyncIterable<readonly PostState[]>;
  accountsChangedSince(ms: number): AsyncIterable<readonly AccountState[]>;
}

export interface RebuildSearchOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly walks: SearchWalks;
  readonly log?: Log;
  readonly onProgress?: (soFar: RebuiltSearch) => void;
  /** Aborts the rebuild before the new indices replace the old ones. */
  readonly signal?: AbortSignal;
}

// Allows for differences between clocks and for the duration of a write.
const marginMs = 60_000;
const bulkTimeoutMs = 30_000;

type Targets = Readonly<Record<SearchKind, string>>;

/**
 * Builds both indices from the source while searches and writes continue on the old ones, then switches both aliases at
 * once.
 *
 * No change is missed, whichever index a consumer writes to: documents changed since the start are read from the source
 * again before the switch, and once more after it, to cover writes that reached the old indices until then.
 * @throws RebuildUnderWay; the reason of the signal when it is aborted
 */
export async function rebuildSearch(options: RebuildSearchOptions): Promise<RebuiltSearch> {
  const { client, namespace, walks, signal, log = () => {} } = options;
  await ensureIndices(client, namespace);
  await using lock = await takeRebuildLock(client, namespace);
  const startedAt = Date.now();
  const targets = await makeTargets(client, namespace);
  log({ level: 'info', msg: 'search rebuild started', ...targets });
  let changedAt = startedAt;
  const done = { posts: 0, accounts: 0 };
  try {
    for await (const posts of walks.posts()) {
      signal?.throwIfAborted();
      await load(client, lock, targets.posts, posts.map(versionOfPost));
      done.posts += posts.length;
      options.onProgress?.({ ...done });
    }
    for await (const accounts of walks.accounts()) {
      signal?.throwIfAborted();
      await load(client, lock, targets.accounts, accounts.map(versionOfAccount));
      done.accounts += accounts.length;
      options.onProgress?.({ ...done });
    }
    changedAt = Date.now();
    await catchUp(client, lock, targets, walks, startedAt - marginMs);
    await lock.hold();
    await changeOver(client, namespace, targets);
  } catch (error) {
    await client.indices
      .delete({ index: Object.values(targets), ignore_unavailable: true })
      .catch(() => log({ level: 'warn', msg: 'unfinished search index kept' }));
    throw error;
  }
  await catchUp(client, lock, targets, walks, changedAt - marginMs);
  await removeOthers(client, namespace, targets);
  log({ level: 'info', msg: 'search rebuild completed', ...done });
  return done;
}

const versionOfPost = (post: PostState): VersionedDocument =>
  'deleted' in post ? postTombstone(post.postId, Date.now()) : postVersion(post);

const versionOfAccount = ({ active, ...account }: AccountState): VersionedDocument =>
  active ? accountVersion(account) : accountTombstone(account, Date.now());

/**
 * Creates new indices that nothing uses yet, numbered above all existing ones, and removes leftovers of earlier
 * rebuilds.
 */
async function makeTargets(client: Client, namespace: string): Promise<Targets> {
  const targets: Partial<Record<SearchKind, string>> = {};
  for (const kind of searchKinds) {
    const current = await currentIndex(client, namespace, kind);
    const all = await listIndices(client, namespace, kind);
    const left = all.filter((index) => index !== current);
    if (left.length > 0) await client.indices.delete({ index: left, ignore_unavailable: true });
    const index = indexOf(namespace, kind, Math.max(0, ...all.map(versionOf)) + 1);
    // It is searched only once it is complete, so it need not refresh earlier.
    await createIndex(client, index, kind, { refreshInterval: '-1' });
    targets[kind] = index;
  }
  return targets as Targets;
}

async function listIndices(client: Client, namespace: string, kind: SearchKind): Promise<string[]> {
  const found = await client.indices.get(
    { index: `${aliasOf(namespace, kind)}-v*`, features: ['aliases'] },
    { ignore: [404] },
  );
  return Object.keys(found).filter((index) => index.startsWith(aliasOf(namespace, kind)));
}

async function load(
  client: Client,
  lock: RebuildLock,
  index: string,
  documents: readonly VersionedDocument[],
): Promise<void> {
  await lock.hold();
  await writeVersions(client, index, documents, { isAlias: false, requestTimeoutMs: bulkTimeoutMs });
}

async function catchUp(
  client: Client,
  lock: RebuildLock,
  targets: Targets,
  walks: SearchWalks,
  since: number,
): Promise<void> {
  for await (const posts of walks.postsChangedSince(since)) {
    await load(client, lock, targets.posts, posts.map(versionOfPost));
  }
  for await (const accounts of walks.accountsChangedSince(since)) {
    await load(client, lock, targets.accounts, accounts.map(versionOfAccount));
  }
}

/** Switches both aliases at once. */
async function changeOver(client: Client, namespace: string, targets: Targets): Promise<void> {
  const indices = Object.values(targets);
  const patient = { requestTimeout: 30_000 };
  await client.indices.putSettings(
    { index: indices, settings: { refresh_interval: refreshInterval } },
    patient,
  );
  await client.indices.refresh({ index: indices }, patient);
  await client.indices.updateAliases(
    {
      actions: searchKinds.flatMap((kind) => [
        { remove: { index: `${aliasOf(namespace, kind)}-v*`, alias: aliasOf(namespace, kind) } },
        { add: { index: targets[kind], alias: aliasOf(namespace, kind), is_write_index: true } },
      ]),
    },
    patient,
  );
}

async function removeOthers(client: Client, namespace: string, targets: Targets): Promise<void> {
  for (const kind of searchKinds) {
    const others = (await listIndices(client, namespace, kind)).filter((index) => index !== targets[kind]);
    if (others.length > 0) await client.indices.delete({ index: others, ignore_unavailable: true });
  }
}
