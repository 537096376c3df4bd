import type { Account, AccountSummary, AdminAccount, Me } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps, Engine } from '../engine.ts';
import { presentAvatar, presentMedia } from '../media/present-media.ts';
import { canSeeAuthor, loadSight, type Sight } from '../visibility/sight.ts';
import type { AccountRecord } from './account-store.ts';

type UrlDeps = Pick<Deps, 'mediaUrl'>;
export type PresentAccountDeps = Pick<Engine, 'accounts' | 'blocks' | 'follows'> & UrlDeps;

export const presentAccountSummary = ({ mediaUrl }: UrlDeps, account: AccountRecord): AccountSummary => ({
  accountId: account.accountId,
  handle: account.handle,
  displayName: account.displayName,
  avatar: presentAvatar(mediaUrl, account.avatar),
});

const withCounts = (deps: UrlDeps, account: AccountRecord, counts: Account['counts']): Account => ({
  ...presentAccountSummary(deps, account),
  banner: account.banner && presentMedia(deps.mediaUrl, account.banner),
  bio: account.bio,
  counts,
  createdAt: isoTime(account.createdAt),
});

/** What is shown of a suspended account where it is shown at all: enough to recognise it. */
export const presentSuspendedAccount = (account: AccountRecord): Account => ({
  accountId: account.accountId,
  handle: account.handle,
  displayName: account.handle,
  avatar: null,
  banner: null,
  bio: '',
  counts: { posts: 0, followers: 0, following: 0 },
  createdAt: isoTime(account.createdAt),
  suspended: true,
});

const everyCount = (account: AccountRecord): Account['counts'] => ({
  posts: account.publicPostCount + account.followersPostCount,
  followers: account.followerCount,
  following: account.followingCount,
});

const nobody: ReadonlySet<string> = new Set();

async function countActive(deps: Pick<Engine, 'accounts'>, accountIds: ReadonlySet<string>): Promise<number> {
  if (accountIds.size === 0) return 0;
  const accounts = await deps.accounts.findMany([...accountIds]);
  let active = 0;
  for (const account of accounts.values()) if (account.status === 'active') active++;
  return active;
}

/** Counts as the viewer's lists would show them: without followers-only posts and without accounts hidden by blocks. */
async function visibleCounts(
  deps: Pick<Engine, 'accounts' | 'follows'>,
  sight: Sight,
  account: AccountRecord,
): Promise<Account['counts']> {
  if (sight.hidden.has(account.accountId)) return { posts: 0, followers: 0, following: 0 };
  const seesAll = account.accountId === sight.viewerId || sight.followees.has(account.accountId);
  const posts = account.publicPostCount + (seesAll ? account.followersPostCount : 0);
  if (sight.hidden.size === 0) return { ...everyCount(account), posts };
  const hidden = [...sight.hidden];
  const { accountId, followerCount, followingCount } = account;
  const [hiddenFollowers, hiddenFollowees] = await Promise.all([
    followerCount === 0 ? nobody : deps.follows.followersAmong(accountId, hidden),
    followingCount === 0 ? nobody : deps.follows.followeesAmong(accountId, hidden),
  ]);
  return {
    posts,
    // Until a reinstatement is settled, the hidden ones are not in the counts yet.
    followers: Math.max(0, followerCount - (await countActive(deps, hiddenFollowers))),
    following: Math.max(0, followingCount - (await countActive(deps, hiddenFollowees))),
  };
}

/** An account by its name alone: it is shown even where a block hides everything else of it. */
export async function presentAccount(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  account: AccountRecord,
): Promise<Account> {
  const sight = await loadSight(deps, viewerId, [account.accountId]);
  return withCounts(deps, account, await visibleCounts(deps, sight, account));
}

export const presentMe = async (deps: PresentAccountDeps, account: AccountRecord): Promise<Me> => ({
  ...(await presentAccount(deps, account.accountId, account)),
  role: account.role,
});

/** Everything about an account, for administrators. */
export const presentAdminAccount = (deps: UrlDeps, account: AccountRecord): AdminAccount => ({
  ...withCounts(deps, account, everyCount(account)),
  role: account.role,
  suspendedAt: account.suspendedAt === null ? null : isoTime(account.suspendedAt),
  suspensionReason: account.suspensionReason,
});

export interface ViewAccountsOptions {
  /**
   * The list is of what the viewer did to the accounts, such as blocking them. It shows those that a block hides or that
   * are suspended, so that everything can be taken back (ADR 0042).
   */
  readonly ownDeeds?: boolean;
}

/** The accounts of a list, in its order; undefined where the viewer may not see one in lists. */
export async function viewAccounts(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountIds: readonly string[],
  options: ViewAccountsOptions = {},
): Promise<(Account | undefined)[]> {
  const sight = await loadSight(deps, viewerId, accountIds);
  return Promise.all(
    accountIds.map(async (accountId) => {
      const account = sight.authors.get(accountId);
      if (options.ownDeeds && account?.status === 'suspended') return presentSuspendedAccount(account);
      const shown = options.ownDeeds ? account?.status === 'active' : canSeeAuthor(sight, accountId);
      return account && shown
        ? withCounts(deps, account, await visibleCounts(deps, sight, account))
        : undefined;
    }),
  );
}
