import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { freeText } from './free-text.ts';
import { avatar, media } from './media.ts';
import { pageOf } from './page.ts';
import { count, handle, id, role, timestamp } from './primitives.ts';

export const displayName = freeText(contractLimits.displayNameLengthMax).meta({
  id: 'NewDisplayName',
  description: `One line of at most ${contractLimits.displayNameLengthMax} characters (code points), without control characters, bidirectional controls or tag characters. The server trims it and stores it in Unicode normalization form C.`,
  examples: ['Cosette'],
});
export const bio = freeText(contractLimits.bioLengthMax, { lines: true }).meta({
  id: 'NewBio',
  description: `At most ${contractLimits.bioLengthMax} characters (code points), on one or more lines, without control characters, bidirectional controls or tag characters. The server trims it and stores it in Unicode normalization form C.`,
  examples: ['Rue Plumet, with a garden.'],
});

const shownName = z.string().meta({ examples: ['Cosette'] });

/** An author, as embedded in posts and replies. */
export const accountSummary = z
  .object({ accountId: id, handle, displayName: shownName, avatar: avatar.nullable() })
  .meta({ id: 'AccountSummary' });

const accountShape = {
  accountId: id,
  handle,
  displayName: shownName,
  avatar: avatar.nullable(),
  banner: media.nullable().describe('A wide picture shown at the top of the profile.'),
  bio: z.string().meta({ examples: ['Rue Plumet, with a garden.'] }),
  counts: z.object({ posts: count, followers: count, following: count }).meta({
    id: 'AccountCounts',
    description:
      'The number of posts, followers and followed accounts. The same for every viewer, so lists that leave out hidden accounts can be shorter.',
  }),
  createdAt: timestamp,
};

export const account = z
  .object({
    ...accountShape,
    suspended: z
      .boolean()
      .optional()
      .describe(
        '`true` for a suspended account; otherwise absent. Only the handle of a suspended account is visible, and only to accounts that follow, block or mute it and to accounts that it follows.',
      ),
  })
  .meta({ id: 'Account' });
export const accountPage = pageOf(account).meta({ id: 'AccountPage' });

/** The viewer's own account. */
export const me = z.object({ ...accountShape, role }).meta({ id: 'Me' });

/** An account as shown to administrators. */
export const adminAccount = z
  .object({
    ...accountShape,
    role,
    suspendedAt: timestamp.nullable(),
    suspensionReason: z
      .string()
      .nullable()
      .meta({ examples: ['Spam.'] }),
  })
  .meta({ id: 'AdminAccount' });
export const adminAccountPage = pageOf(adminAccount).meta({ id: 'AdminAccountPage' });

export const recommendedAccount = z
  .object({
    ...accountShape,
    reason: z
      .object({
        kind: z
          .enum(['followed_by_followees', 'popular'])
          .describe(
            '`followed_by_followees`: accounts that you follow also follow this account. `popular`: the account has many followers and posted recently.',
          ),
        count: z
          .int()
          .min(0)
          .describe('The number of accounts you follow that also follow this account; 0 for `popular`.'),
        accounts: z.array(accountSummary).max(3).describe('Up to three of those accounts.'),
      })
      .meta({ id: 'RecommendationReason' }),
  })
  .meta({ id: 'RecommendedAccount' });
export const recommendedAccountPage = pageOf(recommendedAccount)
  .extend({
    degraded: z.boolean().meta({
      description: '`true` while the recommendation service is unavailable; the list may then be incomplete.',
      examples: [false],
    }),
  })
  .meta({ id: 'RecommendedAccountPage' });

/** The relationship between the viewer and another account, from the viewer's side. */
export const relationship = z
  .object({
    accountId: id,
    following: z.boolean(),
    followedBy: z.boolean(),
    blocking: z.boolean(),
    blockedBy: z.boolean().optional(),
    muting: z.boolean(),
  })
  .meta({ id: 'Relationship' });
export const relationshipPage = pageOf(relationship).meta({ id: 'RelationshipPage' });
