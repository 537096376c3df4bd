import type { AccountPair, Network } from '../network/network.ts';

const followeesEach = 100;
const postsEach = 3;

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Accounts that all read, follow a hundred of each other, and have written a few posts. */
export function homeNetwork(readerCount = 5_000): Network {
  const accounts = range(readerCount);
  // A prime, so that everybody follows others than their neighbours do.
  const followeesOf = (account: number) =>
    range(followeesEach).map((index) => (account + 1 + index * 47 + ((account * 31) % 47)) % readerCount);
  return {
    accountCount: readerCount,
    posts: range(postsEach).flatMap(() =>
      accounts.map((author) => ({ author, visibility: 'public' as const })),
    ),
    follows: accounts.flatMap((account) =>
      followeesOf(account).map((followee): AccountPair => [account, followee]),
    ),
    blocks: [],
    mutes: [],
    likes: [],
    replies: [],
    readers: accounts,
    isIndexed: false,
  };
}
