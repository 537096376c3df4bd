import type { AccountRecord } from '../accounts/account-store.ts';
import type { Engine } from '../engine.ts';

const nobody: ReadonlySet<string> = new Set();

/** Everything that decides what a viewer may see of some authors, loaded once per page. */
export interface Sight {
  /** Undefined if signed out. */
  readonly viewerId: string | undefined;
  /** Accounts that block the viewer or that the viewer blocks. */
  readonly hidden: ReadonlySet<string>;
  /** The authors that the viewer follows. */
  readonly followees: ReadonlySet<string>;
  readonly authors: ReadonlyMap<string, AccountRecord>;
}

export async function loadSight(
  deps: Pick<Engine, 'accounts' | 'blocks' | 'follows'>,
  viewerId: string | undefined,
  authorIds: readonly string[],
): Promise<Sight> {
  if (viewerId === undefined) {
    return { viewerId, hidden: nobody, followees: nobody, authors: await deps.accounts.findMany(authorIds) };
  }
  const [authors, hidden, followees] = await Promise.all([
    deps.accounts.findMany(authorIds),
    deps.blocks.hiddenFrom(viewerId),
    deps.follows.followeesAmong(viewerId, authorIds),
  ]);
  return { viewerId, hidden, followees, authors };
}

/** Whether the viewer may see anything of an account: it is active, and no block stands between them. */
export function canSeeAuthor(sight: Sight, authorId: string): boolean {
  return sight.authors.get(authorId)?.status === 'active' && !sight.hidden.has(authorId);
}
