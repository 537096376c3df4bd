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

/** What a viewer sees of a suspended account, if anything: enough to recognise it. */
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

/**
 * The counts that everyone sees. They exclude followers-only posts for viewers who do not follow the account. All zero
 * if a block stands between the viewer and the account.
 */
function visibleCounts(sight: Sight, account: AccountRecord): Account['counts'] {
  if (sight.hidden.has(account.accountId)) return { posts: 0, followers: 0, following: 0 };
  const seesAll = account.accountId === sight.viewerId || sight.followees.has(account.accountId);
  return seesAll ? everyCount(account) : { ...everyCount(account), posts: account.publicPostCount };
}

/** Presents an account by its name alone, even where a block hides everything else. */
export async function presentAccount(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  account: AccountRecord,
): Promise<Account> {
  const sight = await loadSight(deps, viewerId, [account.accountId]);
  return withCounts(deps, account, visibleCounts(sight, account));
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
   * The list shows the viewer's own actions on accounts, such as blocks. It includes accounts that are suspended or
   * hidden by a block, so that the viewer can undo every action (ADR 0042).
   */
  readonly ownDeeds?: boolean;
}

/** The accounts of a list, in its order. Undefined where the viewer may not see an account in lists. */
export async function viewAccounts(
  deps: PresentAccountDeps,
  viewerId: string | undefined,
  accountIds: readonly string[],
  options: ViewAccountsOptions = {},
): Promise<(Account | undefined)[]> {
  const sight = await loadSight(deps, viewerId, accountIds);
  return accountIds.map((accountId) => {
    const account = sight.authors.get(accountId);
    if (options.ownDeeds && account?.status === 'suspended') return presentSuspendedAccount(account);
    const shown = options.ownDeeds ? account?.status === 'active' : canSeeAuthor(sight, accountId);
    return account && shown ? withCounts(deps, account, visibleCounts(sight, account)) : undefined;
  });
}
