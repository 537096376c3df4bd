import type { Client, estypes } from '@elastic/elasticsearch';
import { aliasOf, type SearchKind, searchKinds } from './indices.ts';

/** The state of a post or an account in the index, to be compared with its source. */
export interface StoredDocument {
  readonly id: string;
  readonly version: number;
  /** A tombstone. */
  readonly deleted: boolean;
}

interface VersionedHit extends StoredDocument {
  readonly seqNo: number;
  readonly primaryTerm: number;
}

const idField = { posts: 'postId', accounts: 'accountId' } as const satisfies Record<SearchKind, string>;

async function listStored(
  client: Client,
  namespace: string,
  kind: SearchKind,
  query: estypes.QueryDslQueryContainer,
  limit: number,
): Promise<readonly VersionedHit[]> {
  const { hits } = await client.search<never>({
    index: aliasOf(namespace, kind),
    ignore_unavailable: true,
    allow_partial_search_results: false,
    track_total_hits: false,
    query,
    sort: [{ [idField[kind]]: 'asc' }],
    size: limit,
    version: true,
    seq_no_primary_term: true,
    _source: false,
    docvalue_fields: ['deleted'],
  });
  return hits.hits.map(({ _id = '', _version = 0, _seq_no = 0, _primary_term = 0, fields }) => ({
    id: _id,
    version: _version,
    deleted: (fields?.deleted as readonly boolean[] | undefined)?.[0] === true,
    seqNo: _seq_no,
    primaryTerm: _primary_term,
  }));
}

const above = (kind: SearchKind, after: string): estypes.QueryDslQueryContainer => ({
  range: { [idField[kind]]: { gt: after } },
});

const indexed =
  (kind: SearchKind) =>
  (
    client: Client,
    namespace: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly StoredDocument[]> =>
    listStored(client, namespace, kind, after === undefined ? { match_all: {} } : above(kind, after), limit);

/** The index entries of posts, including tombstones, by id from above `after`. As of the last refresh. */
export const indexedPosts = indexed('posts');

/** The same for accounts. */
export const indexedAccounts = indexed('accounts');

// No event is redelivered that late.
const tombstonesKeptMs = 7 * 86_400_000;
const purgedAtOnce = 1_000;

/** Erases tombstones older than a week and returns how many. A tombstone that was overwritten meanwhile stays. */
export async function purgeTombstones(
  client: Client,
  namespace: string,
  options: { readonly now?: number; readonly signal?: AbortSignal } = {},
): Promise<number> {
  const { now = Date.now(), signal } = options;
  let purged = 0;
  for (const kind of searchKinds) {
    let after: string | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const old: estypes.QueryDslQueryContainer = {
        bool: {
          filter: [
            { term: { deleted: { value: true } } },
            { range: { removedAt: { lt: now - tombstonesKeptMs } } },
            ...(after === undefined ? [] : [above(kind, after)]),
          ],
        },
      };
      const tombstones = await listStored(client, namespace, kind, old, purgedAtOnce);
      const last = tombstones.at(-1);
      if (last === undefined) break;
      after = last.id;
      const { items } = await client.bulk({
        index: aliasOf(namespace, kind),
        require_alias: true,
        operations: tombstones.map(({ id, seqNo, primaryTerm }) => ({
          delete: { _id: id, if_seq_no: seqNo, if_primary_term: primaryTerm },
        })),
      });
      purged += items.filter((item) => item.delete?.result === 'deleted').length;
    }
  }
  return purged;
}
