import type { OperationId } from '@twite/contract';

/** The relation of the viewer to Ann, whose traces are looked for. */
export const relations = [
  'self',
  'follower',
  'stranger',
  'blocked',
  'blocker',
  'signedOut',
  'suspended',
  'admin',
  'strangerOfSuspended',
] as const;
export type Relation = (typeof relations)[number];

/**
 * The content of the scene. Ann wrote `publicPost`, `followersPost`, `doomedPost`, and `annReply` and `doomedReply` to
 * `zoePost`, which she likes. Zoe and Ann follow each other; Zoe wrote `replyUnderPublic` and `replyUnderFollowers` to
 * Ann's posts and likes both. Viewers follow Zoe.
 */
export interface Content {
  readonly ann: string;
  readonly annHandle: string;
  readonly zoe: string;
  readonly publicPost: string;
  readonly followersPost: string;
  readonly doomedPost: string;
  readonly zoePost: string;
  readonly annReply: string;
  readonly doomedReply: string;
  readonly replyUnderPublic: string;
  readonly replyUnderFollowers: string;
  /** Ann's pictures: one in each of her two posts, in `annReply`, her avatar, and one unattached picture. */
  readonly publicMedia: string;
  readonly followersMedia: string;
  readonly followersMediaUrl: string;
  readonly replyMedia: string;
  readonly avatarMedia: string;
  readonly unattachedMedia: string;
  /** A word that is in every text of Ann's and nowhere else. */
  readonly word: string;
}

export interface Input {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  /** Sent instead of JSON. */
  readonly form?: FormData;
}

// Who may see what. The suspended viewer is signed out everywhere, and so is in none of these.
const everyone: readonly Relation[] = ['self', 'follower', 'stranger', 'signedOut', 'admin'];
const byName: readonly Relation[] = [...everyone, 'blocked', 'blocker'];
const followers: readonly Relation[] = ['self', 'follower'];
const self: readonly Relation[] = ['self'];
const recommended: readonly Relation[] = ['stranger', 'admin'];

/** Requests something by its id: viewers who may not see it get the answer for an unknown id. */
export interface Addressed {
  readonly kind: 'addressed';
  readonly seenBy: readonly Relation[];
  readonly input: (content: Content) => Input;
  /** The parts of the path that name it. */
  readonly unknown: Readonly<Record<string, string>>;
}

/** Looks for an id in the answer. */
export interface Listed {
  readonly kind: 'listed';
  readonly seenBy: readonly Relation[];
  readonly input: (content: Content) => Input;
  readonly looksFor: (content: Content) => string;
}

/** Compares a number in the answer. */
export interface Counted {
  readonly kind: 'counted';
  readonly input: (content: Content) => Input;
  readonly count: (body: unknown) => number;
  readonly expected: (relation: Relation) => number | undefined;
}

/** Changes the relation: the status for each relation, run after everything else. */
export interface Changing {
  readonly kind: 'changing';
  readonly input: (content: Content) => Input;
  readonly status: (relation: Relation) => number;
}

export type Probe = Addressed | Listed | Counted | Changing;

/** `own`: uses nothing of Ann's. `admin`, `moderator`: refused to everyone below that role. */
export type Row = readonly Probe[] | 'own' | 'staff';

const unknownId = '0000000000000000001';

const post = (of: keyof Content, seenBy: readonly Relation[], more: Input = {}): Addressed => ({
  kind: 'addressed',
  seenBy,
  input: (content) => ({ path: { postId: content[of] }, ...more }),
  unknown: { postId: unknownId },
});

const reply = (of: keyof Content, seenBy: readonly Relation[]): Addressed => ({
  kind: 'addressed',
  seenBy,
  input: (content) => ({ path: { replyId: content[of] } }),
  unknown: { replyId: unknownId },
});

const media = (of: keyof Content, seenBy: readonly Relation[], more: Input = {}): Addressed => ({
  kind: 'addressed',
  seenBy,
  input: (content) => ({ path: { mediaId: content[of] }, ...more }),
  unknown: { mediaId: unknownId },
});

const annAddressed: Addressed = {
  kind: 'addressed',
  seenBy: byName,
  input: ({ ann }) => ({ path: { accountId: ann } }),
  unknown: { accountId: unknownId },
};

const listed = (
  looksFor: keyof Content,
  seenBy: readonly Relation[],
  input: (content: Content) => Input = () => ({}),
): Listed => ({ kind: 'listed', seenBy, input, looksFor: (content) => content[looksFor] });

const ofAnn = ({ ann }: Content): Input => ({ path: { accountId: ann } });
const ofZoe = ({ zoe }: Content): Input => ({ path: { accountId: zoe } });
const ofZoePost = ({ zoePost }: Content): Input => ({ path: { postId: zoePost } });

const changing = (status: (relation: Relation) => number): Changing => ({
  kind: 'changing',
  input: ofAnn,
  status,
});
const notOnSelf = (relation: Relation): number => {
  if (relation === 'self') return 422;
  return relation === 'signedOut' || relation === 'suspended' ? 401 : 200;
};

const numberAt = (body: unknown, ...path: string[]): number => {
  let value = body;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return value as number;
};

const text = { body: { text: 'A reply' } };

/** Every operation, and what each relation may see through it. Omitting an operation does not compile. */
export const visibilityTable = {
  createAccount: 'own',
  getAccount: [
    annAddressed,
    listed('avatarMedia', byName, ofAnn),
    {
      kind: 'counted',
      input: ofAnn,
      count: (body) => numberAt(body, 'counts', 'posts'),
      expected: (relation) => {
        if (followers.includes(relation)) return 3;
        if (everyone.includes(relation)) return 2;
        return byName.includes(relation) ? 0 : undefined;
      },
    },
  ],
  getAccountByHandle: [
    {
      kind: 'addressed',
      seenBy: byName,
      input: ({ annHandle }) => ({ path: { handle: annHandle } }),
      unknown: { handle: 'nobody_at_all' },
    },
  ],
  getMe: 'own',
  updateMe: 'own',
  deleteMe: 'own',
  changePassword: 'own',
  createSession: 'own',
  refreshSession: 'own',
  resetPassword: 'own',
  listSessions: 'own',
  deleteSession: 'own',
  createToken: 'own',
  listTokens: 'own',
  deleteToken: 'own',
  listRecommendedAccounts: [listed('ann', recommended)],
  getInstance: 'own',
  createPost: 'own',
  getPost: [
    post('publicPost', everyone),
    post('followersPost', followers),
    listed('followersMediaUrl', followers, ({ followersPost }) => ({ path: { postId: followersPost } })),
    listed('annReply', everyone, (content) => ({ ...ofZoePost(content), query: { include: 'replies' } })),
    ...(['likeCount', 'replyCount'] as const).map(
      (name): Counted => ({
        kind: 'counted',
        input: ofZoePost,
        count: (body) => numberAt(body, name),
        // Counts are the same for everyone, even behind a block (ADR 0059). A suspended Ann does not count.
        expected: (relation) => {
          if (relation === 'suspended') return undefined;
          if (relation === 'strangerOfSuspended') return 0;
          return name === 'likeCount' ? 1 : 2;
        },
      }),
    ),
  ],
  deletePost: [post('doomedPost', self)],
  listAccountPosts: [
    annAddressed,
    listed('publicPost', everyone, ofAnn),
    listed('followersPost', followers, ofAnn),
    listed('followersMediaUrl', followers, ofAnn),
  ],
  createReply: [post('publicPost', everyone, text), post('followersPost', followers, text)],
  listReplies: [
    post('publicPost', everyone),
    post('followersPost', followers),
    listed('annReply', everyone, ofZoePost),
  ],
  getReply: [
    reply('annReply', everyone),
    reply('replyUnderPublic', everyone),
    reply('replyUnderFollowers', followers),
  ],
  deleteReply: [reply('doomedReply', self)],
  likePost: [post('publicPost', everyone), post('followersPost', followers)],
  unlikePost: [post('publicPost', everyone), post('followersPost', followers)],
  likeReply: [reply('annReply', everyone), reply('replyUnderFollowers', followers)],
  unlikeReply: [reply('annReply', everyone), reply('replyUnderFollowers', followers)],
  listPostLikes: [
    post('publicPost', everyone),
    post('followersPost', followers),
    listed('ann', everyone, ofZoePost),
  ],
  listLikedPosts: [
    annAddressed,
    listed('zoePost', everyone, ofAnn),
    listed('publicPost', everyone, ofZoe),
    listed('followersPost', followers, ofZoe),
    listed('followersMediaUrl', followers, ofZoe),
  ],
  // Ann's posts are in it only for viewers who like them, and by their ids alone if they may not see them.
  listMyLikes: 'own',
  uploadMedia: 'own',
  getMedia: [
    media('publicMedia', everyone),
    media('followersMedia', followers),
    media('replyMedia', everyone),
    media('avatarMedia', byName),
    media('unattachedMedia', self),
  ],
  updateMedia: [
    media('publicMedia', self, { body: { altText: 'A wall' } }),
    media('followersMedia', self, { body: { altText: 'A wall' } }),
  ],
  deleteMedia: [media('unattachedMedia', self)],
  followAccount: [
    changing((relation) => {
      if (relation === 'strangerOfSuspended') return 404;
      return relation === 'blocked' || relation === 'blocker' ? 403 : notOnSelf(relation);
    }),
  ],
  unfollowAccount: [changing(notOnSelf)],
  listFollowers: [annAddressed, listed('zoe', everyone, ofAnn), listed('ann', everyone, ofZoe)],
  listFollowing: [annAddressed, listed('zoe', everyone, ofAnn), listed('ann', everyone, ofZoe)],
  listRelationships: [listed('ann', byName, ({ ann }) => ({ query: { accountIds: ann } }))],
  blockAccount: [changing(notOnSelf)],
  unblockAccount: [changing(notOnSelf)],
  muteAccount: [changing(notOnSelf)],
  unmuteAccount: [changing(notOnSelf)],
  listBlocks: 'own',
  listMutes: 'own',
  getHomeTimeline: [
    listed('publicPost', followers),
    listed('followersPost', followers),
    listed('followersMediaUrl', followers),
  ],
  getPublicTimeline: [
    listed('publicPost', everyone),
    listed('followersPost', []),
    listed('followersMediaUrl', []),
  ],
  searchPosts: [
    listed('publicPost', everyone, ({ word }) => ({ query: { q: word } })),
    listed('followersPost', followers, ({ word }) => ({ query: { q: word } })),
    listed('followersMediaUrl', followers, ({ word }) => ({ query: { q: `has:media ${word}` } })),
  ],
  searchAccounts: [listed('ann', everyone, ({ annHandle }) => ({ query: { q: annHandle } }))],
  getStats: 'staff',
  listAllAccounts: 'staff',
  suspendAccount: 'staff',
  reinstateAccount: 'staff',
  setRole: 'staff',
  createPasswordReset: 'staff',
  removePost: 'staff',
  removeReply: 'staff',
  listAuditLog: 'staff',
  getStatus: 'staff',
  listQueues: 'staff',
  listParkedMessages: 'staff',
  replayParkedMessages: 'staff',
  dropParkedMessages: 'staff',
} as const satisfies Record<OperationId, Row>;
