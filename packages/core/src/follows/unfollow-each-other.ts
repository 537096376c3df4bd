import type { Deps } from '../engine.ts';

/** Ends the follows between two accounts in both directions. */
export async function unfollowEachOther(
  deps: Pick<Deps, 'follows'>,
  one: string,
  other: string,
): Promise<void> {
  await deps.follows.unfollow(one, other);
  await deps.follows.unfollow(other, one);
}
