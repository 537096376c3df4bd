import type { Comparing } from '@twite/core/admin/comparing';
import type { Collection } from 'mongodb';
import { type CountedKind, type Counts, countNames } from '../mongodb/counts.ts';
import type { Collections } from '../mongodb/databases.ts';
import { bounded } from '../mongodb/reads.ts';

const pageSize = 500;

type Edges = Pick<Collection, 'aggregate'>;
interface Source {
  readonly edges: Edges;
  /** The field that names the document. */
  readonly by: string;
  readonly filter: object;
}

const sourcesOf = (
  collections: Collections,
): Readonly<Record<CountedKind, Readonly<Record<string, Source>>>> => {
  const { follows, posts, likes, replies } = collections;
  const standing = { counted: true, active: true };
  return {
    account: {
      followerCount: { edges: follows, by: 'followeeId', filter: standing },
      followingCount: { edges: follows, by: 'followerId', filter: standing },
      publicPostCount: { edges: posts, by: 'authorId', filter: { deleted: false, visibility: 'public' } },
      followersPostCount: {
        edges: posts,
        by: 'authorId',
        filter: { deleted: false, visibility: 'followers' },
      },
    },
    post: {
      likeCount: { edges: likes, by: 'subjectId', filter: { kind: 'post', counted: true } },
      replyCount: { edges: replies, by: 'postId', filter: { deleted: false, counted: true } },
    },
    reply: { likeCount: { edges: likes, by: 'subjectId', filter: { kind: 'reply', counted: true } } },
  };
};

async function countBy({ edges, by, filter }: Source, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await edges
    .aggregate<{ _id: string; count: number }>([
      { $match: { [by]: { $in: ids }, ...filter } },
      { $group: { _id: `$${by}`, count: { $sum: 1 } } },
    ])
    .toArray();
  return new Map(rows.map(({ _id, count }) => [_id, count]));
}

/** Checks that every count of every document that is not deleted is the number of its edges. */
export const compareCounts = (
  collections: Collections,
  counts: Pick<Counts, 'sweepDirty'>,
  kind: CountedKind,
): Comparing => {
  const documents = { account: collections.accounts, post: collections.posts, reply: collections.replies }[
    kind
  ] as unknown as Collection<{ _id: string } & Record<string, number | string>>;
  const sources = sourcesOf(collections)[kind];
  // Nobody sees the counts of a deleted account.
  const there = kind === 'account' ? { status: { $ne: 'deleted' } } : { deleted: { $ne: true } };
  return {
    what: `counts: of each ${kind}`,
    async compare(only) {
      // Large counts wait for the sweep.
      await counts.sweepDirty();
      const differing: string[] = [];
      let compared = 0;
      for (let after = ''; ; ) {
        const named = only === undefined ? {} : { $in: [...only] };
        const page = await documents
          .find({ _id: { ...named, $gt: after }, ...there } as object, bounded)
          .sort({ _id: 1 })
          .limit(pageSize)
          .toArray();
        const ids = page.map(({ _id }) => _id);
        for (const name of countNames[kind]) {
          const counted = await countBy(sources[name] as Source, ids);
          for (const document of page) {
            if (document[name] !== (counted.get(document._id) ?? 0)) differing.push(document._id);
          }
        }
        compared += page.length;
        if (page.length < pageSize) return { compared, differing: [...new Set(differing)] };
        after = ids[ids.length - 1] ?? '';
      }
    },
  };
};
