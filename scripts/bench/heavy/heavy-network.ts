import type { AccountAndPost, AccountPair, Network } from '../network/network.ts';

/** The accounts that read, by what there is much of. They follow the same authors, apart from the others. */
export const viewers = { ordinary: 30_000, blocks: 30_001, blockers: 30_002, followees: 30_003, all: 30_004 };
export type Viewer = keyof typeof viewers;

/** The account whose lists are read, and its post. */
export const subject = 0;
export const subjectPost = 0;

const authorCount = 100;
const postsByAuthor = 5;
const followeesMax = 7_500;
const hiddenMax = 10_000;
const blockedFrom = 10_000;
const blockersFrom = 20_000;
/** The length of each list. */
const listed = 300;

const range = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + index);
const pairsFrom = (from: number, to: readonly number[]): AccountPair[] => to.map((other) => [from, other]);

/** A tenth of the members of each list is blocked by the heavy accounts, another tenth blocks them. */
const members = range(0, listed).map((index) => {
  if (index % 10 === 3) return blockedFrom + index;
  if (index % 10 === 7) return blockersFrom + index;
  return authorCount + index;
});

export function heavyNetwork(): Network {
  const authors = range(1, authorCount - 1);
  const blocked = range(blockedFrom, hiddenMax);
  const blockers = range(blockersFrom, hiddenMax);
  // Every author writes, every other followee has written one post, and so has every member of the lists.
  const firstPosts = [
    ...range(authorCount, followeesMax - authorCount),
    ...members.filter((m) => m >= blockedFrom),
  ];
  const bySubject = [subject, ...firstPosts];
  const posts = [
    ...bySubject,
    ...range(0, postsByAuthor).flatMap(() => [...authors, ...range(0, 10).map(() => subject)]),
  ].map((author, post) => ({
    author,
    visibility: post !== subjectPost && post % 4 === 0 ? ('followers' as const) : ('public' as const),
  }));
  const postOf = new Map(bySubject.map((author, post) => [author, post]));
  const few = range(blockedFrom + listed, 30);
  const byEveryone: AccountAndPost[] = members.map((member) => [member, subjectPost]);
  const bySubjectLiked: AccountAndPost[] = members.map((member) => [
    subject,
    postOf.get(member) ?? subjectPost,
  ]);
  const followeesOf = (viewer: Viewer): number[] =>
    viewer === 'followees' || viewer === 'all' ? range(0, followeesMax) : range(0, authorCount);
  return {
    accountCount: Math.max(...Object.values(viewers)) + 1,
    posts,
    follows: [
      ...pairsFrom(subject, members),
      ...members.map((member): AccountPair => [member, subject]),
      ...Object.entries(viewers).flatMap(([viewer, account]) =>
        pairsFrom(account, followeesOf(viewer as Viewer)),
      ),
    ],
    blocks: [
      ...[viewers.ordinary, viewers.blockers, viewers.followees].flatMap((viewer) => pairsFrom(viewer, few)),
      ...[viewers.blocks, viewers.all].flatMap((viewer) => pairsFrom(viewer, blocked)),
      ...[viewers.blockers, viewers.all].flatMap((viewer) =>
        blockers.map((blocker): AccountPair => [blocker, viewer]),
      ),
    ],
    mutes: pairsFrom(viewers.all, blockers),
    likes: [...byEveryone, ...bySubjectLiked],
    replies: byEveryone,
    readers: Object.values(viewers),
    isIndexed: true,
  };
}
