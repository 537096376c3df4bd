import type { Comparing } from '../admin/comparing.ts';
import type { Engine } from '../engine.ts';
import type { MediaRecord, MediaSnapshot, MediaTarget } from './media-record.ts';
import { avatarSnapshotOf, isSameMedia, snapshotOf } from './present-media.ts';

const pageSize = 100;
const atOnce = 16;
// Fewer are enough to recognise a store that lost everything.
const differingMax = 10_000;

class Differing {
  readonly #ids = new Set<string>();

  add(id: string): void {
    if (this.#ids.size < differingMax) this.#ids.add(id);
  }

  list(): readonly string[] {
    return [...this.#ids];
  }
}

/** All published records, or only the given ones, one page at a time. */
async function* publishedPages(
  media: Engine['media'],
  only: readonly string[] | undefined,
): AsyncGenerator<readonly MediaRecord[]> {
  const isPublished = (record: MediaRecord) => snapshotOf(record) !== undefined;
  if (only !== undefined) {
    for (let start = 0; start < only.length; start += pageSize) {
      const named = await media.findMany(only.slice(start, start + pageSize));
      yield [...named.values()].filter(isPublished);
    }
    return;
  }
  for (let after: string | undefined; ; ) {
    const page = await media.list({ after, limit: pageSize });
    yield page.filter(isPublished);
    if (page.length < pageSize) return;
    after = page[page.length - 1]?.mediaId;
  }
}

/** The objects that a published medium must have. */
function objectsOf({ main, variants, sourceKey }: MediaRecord): readonly string[] {
  const keys = [...variants.map(({ key }) => key), main?.key, sourceKey];
  return [...new Set(keys)].filter((key): key is string => typeof key === 'string');
}

/** Checks that every published medium has all of its objects. `pruneObjects` handles objects without a record. */
export const compareObjects = ({ media, blobs }: Pick<Engine, 'media' | 'blobs'>): Comparing => ({
  what: 'media: objects of each',
  async compare(only) {
    const differing = new Differing();
    let compared = 0;
    for await (const page of publishedPages(media, only)) {
      const wanted = page.flatMap((record) => objectsOf(record).map((key) => [record.mediaId, key] as const));
      for (let start = 0; start < wanted.length; start += atOnce) {
        const some = wanted.slice(start, start + atOnce);
        const found = await Promise.all(some.map(([, key]) => blobs.stat(key)));
        for (const [index, [mediaId]] of some.entries()) if (!found[index]) differing.add(mediaId);
      }
      compared += page.length;
    }
    return { compared, differing: differing.list() };
  },
});

type HolderPorts = Pick<Engine, 'posts' | 'replies' | 'accounts'>;

/** For each medium of a page that has a target: the snapshot that the target holds of it. */
async function heldSnapshots(
  { posts, replies, accounts }: HolderPorts,
  page: readonly MediaRecord[],
): Promise<ReadonlyMap<string, MediaSnapshot>> {
  const targets = page.flatMap(({ target }) => (target === null ? [] : [target]));
  const idsOf = (idOf: (target: MediaTarget) => string | undefined) => [
    ...new Set(targets.flatMap((target) => idOf(target) ?? [])),
  ];
  const [foundPosts, foundReplies, foundAccounts] = await Promise.all([
    posts.findMany(idsOf((target) => (target.kind === 'post' ? target.postId : undefined))),
    replies.findMany(idsOf((target) => (target.kind === 'reply' ? target.replyId : undefined))),
    accounts.findMany(idsOf((target) => ('accountId' in target ? target.accountId : undefined))),
  ]);
  const snapshotsAt = (target: MediaTarget): readonly (MediaSnapshot | null)[] => {
    if (target.kind === 'post') return foundPosts.get(target.postId)?.media ?? [];
    if (target.kind === 'reply') return foundReplies.get(target.replyId)?.media ?? [];
    return [foundAccounts.get(target.accountId)?.[target.kind] ?? null];
  };
  return new Map(
    page.flatMap(({ mediaId, target }) => {
      const held = target && snapshotsAt(target).find((snapshot) => snapshot?.mediaId === mediaId);
      return held ? [[mediaId, held] as const] : [];
    }),
  );
}

function isHeldRight(record: MediaRecord, held: MediaSnapshot | undefined): boolean {
  // A provisional or expiring medium need not be held yet.
  if (held === undefined) return record.target === null || record.expiresAt !== null;
  const snapshot = snapshotOf(record);
  if (snapshot === undefined) return true;
  return isSameMedia(held, record.target?.kind === 'avatar' ? avatarSnapshotOf(snapshot) : snapshot);
}

/** Checks that the target of every medium holds it as in its record. */
export const compareAttachments = ({
  media,
  ...holders
}: Pick<Engine, 'media'> & HolderPorts): Comparing => ({
  what: 'media: what each is attached to',
  async compare(only) {
    const differing = new Differing();
    let compared = 0;
    for await (const page of publishedPages(media, only)) {
      const held = await heldSnapshots(holders, page);
      for (const record of page) {
        if (!isHeldRight(record, held.get(record.mediaId))) differing.add(record.mediaId);
      }
      compared += page.length;
    }
    return { compared, differing: differing.list() };
  },
});

/** A post, reply or account that holds media. */
export interface MediaHolder {
  /** The id of the post, reply or account. */
  readonly id: string;
  readonly mediaIds: readonly string[];
}

/**
 * Checks that every medium that a post, reply or account holds has a record. `holders` yields all that hold any, one
 * page at a time.
 */
export const compareHolders = (
  media: Engine['media'],
  holders: () => AsyncIterable<readonly MediaHolder[]>,
): Comparing => ({
  what: 'media: held by posts, replies and accounts',
  async compare(only) {
    const differing = new Differing();
    const named = only && new Set(only);
    let compared = 0;
    for await (const all of holders()) {
      const page = named === undefined ? all : all.filter(({ id }) => named.has(id));
      if (page.length === 0) continue;
      const records = await media.findMany([...new Set(page.flatMap(({ mediaIds }) => mediaIds))]);
      for (const { id, mediaIds } of page) {
        if (mediaIds.some((mediaId) => !records.has(mediaId))) differing.add(id);
      }
      compared += page.length;
    }
    return { compared, differing: differing.list() };
  },
});
