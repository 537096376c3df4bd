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
export const everyone: readonly Relation[] = ['self', 'follower', 'stranger', 'signedOut', 'admin'];
export const byName: readonly Relation[] = [...everyone, 'blocked', 'blocker'];
export const followers: readonly Relation[] = ['self', 'follower'];
export const self: readonly Relation[] = ['self'];

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

/** Looks for an id that the answer may contain for some, and must not contain for others. */
export interface Unlisted {
  readonly kind: 'unlisted';
  readonly mayBeSeenBy: readonly Relation[];
  readonly input: (content: Content) => Input;
  readonly looksFor: (content: Content) => string;
}

export type Probe = Addressed | Listed | Unlisted | Counted | Changing;

const unknownId = '0000000000000000001';

export const post = (of: keyof Content, seenBy: readonly Relation[], more: Input = {}): Addressed => ({
  kind: 'addressed',
  seenBy,
  input: (content) => ({ path: { postId: content[of] }, ...more }),
  unknown: { postId: unknownId },
});

export const reply = (of: keyof Content, seenBy: readonly Relation[]): Addressed => ({
  kind: 'addressed',
  seenBy,
  input: (content) => ({ path: { replyId: content[of] } }),
  unknown: { replyId: unknownId },
});

export const media = (of: keyof Content, seenBy: readonly Relation[], more: Input = {}): Addressed => ({
  kind: 'addressed',
  seenBy,
  input: (content) => ({ path: { mediaId: content[of] }, ...more }),
  unknown: { mediaId: unknownId },
});

export const annAddressed: Addressed = {
  kind: 'addressed',
  seenBy: byName,
  input: ({ ann }) => ({ path: { accountId: ann } }),
  unknown: { accountId: unknownId },
};

export const annByHandle: Addressed = {
  kind: 'addressed',
  seenBy: byName,
  input: ({ annHandle }) => ({ path: { handle: annHandle } }),
  unknown: { handle: 'nobody_at_all' },
};

export const listed = (
  looksFor: keyof Content,
  seenBy: readonly Relation[],
  input: (content: Content) => Input = () => ({}),
): Listed => ({ kind: 'listed', seenBy, input, looksFor: (content) => content[looksFor] });

export const unlisted = (
  looksFor: keyof Content,
  mayBeSeenBy: readonly Relation[],
  input: (content: Content) => Input,
): Unlisted => ({ kind: 'unlisted', mayBeSeenBy, input, looksFor: (content) => content[looksFor] });

export const ofAnn = ({ ann }: Content): Input => ({ path: { accountId: ann } });
export const ofZoe = ({ zoe }: Content): Input => ({ path: { accountId: zoe } });
export const ofZoePost = ({ zoePost }: Content): Input => ({ path: { postId: zoePost } });

export const changing = (status: (relation: Relation) => number): Changing => ({
  kind: 'changing',
  input: ofAnn,
  status,
});
export const notOnSelf = (relation: Relation): number => {
  if (relation === 'self') return 422;
  return relation === 'signedOut' || relation === 'suspended' ? 401 : 200;
};
