import { describe, expect, it } from 'vitest';
import type { DomainEvent } from './domain-event.ts';
import { invalidationsOf } from './invalidations-of.ts';

describe('what an event invalidates', () => {
  it.each<[DomainEvent, readonly (readonly [string, string])[]]>([
    [{ type: 'accountUpdated', accountId: 'a' }, [['accounts', 'a']]],
    [
      { type: 'postDeleted', postId: 'p', authorId: 'a' },
      [
        ['posts', 'p'],
        ['newestPosts', 'a'],
      ],
    ],
    [{ type: 'replyDeleted', replyId: 'r', postId: 'p', authorId: 'a' }, [['replies', 'r']]],
    [{ type: 'postLiked', postId: 'p', accountId: 'a' }, [['postLikes', 'a']]],
    [{ type: 'replyUnliked', replyId: 'r', accountId: 'a' }, [['replyLikes', 'a']]],
    [{ type: 'accountUnfollowed', followerId: 'a', followeeId: 'b' }, [['followees', 'a']]],
    [
      { type: 'accountBlocked', accountId: 'a', targetId: 'b' },
      [
        ['hiddenFrom', 'a'],
        ['hiddenFrom', 'b'],
      ],
    ],
    [{ type: 'accountMuted', accountId: 'a', targetId: 'b' }, [['mutedBy', 'a']]],
  ])('%j', (event, invalidations) => {
    expect(invalidationsOf(event)).toEqual(invalidations);
  });

  it('of a status is everything with the tag of the account', () => {
    expect(invalidationsOf({ type: 'accountStatusChanged', accountId: 'a' })).toEqual(
      expect.arrayContaining([
        ['accounts', 'a'],
        ['sessions', 'of:a'],
        ['followees', 'of:a'],
      ]),
    );
  });
});
