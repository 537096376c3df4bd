import type { AccountRecord } from '../../accounts/account-store.ts';
import type { MediaSnapshot } from '../../media/media-record.ts';
import type { SessionRecord } from '../../sessions/session-store.ts';

export const anAccount = (accountId: string, more: Partial<AccountRecord> = {}): AccountRecord =>
  Object.freeze({
    accountId,
    handle: accountId,
    displayName: accountId,
    bio: '',
    avatar: null,
    banner: null,
    role: 'user',
    status: 'active',
    rev: 1,
    suspendedAt: null,
    suspensionReason: null,
    createdAt: 0,
    popular: false,
    followerCount: 0,
    followingCount: 0,
    publicPostCount: 0,
    followersPostCount: 0,
    ...more,
  });

export const aSession = (sessionId: string, more: Partial<SessionRecord> = {}): SessionRecord =>
  Object.freeze({
    sessionId,
    accountId: 'a1',
    accessHash: '',
    accessExpiresAt: 0,
    refreshHash: '',
    refreshExpiresAt: 0,
    generation: 0,
    tagKey: '',
    previousRefreshHash: null,
    successorSalt: null,
    rotatedAt: 0,
    createdAt: 0,
    userAgent: null,
    ...more,
  });

export const aMedium = (mediaId: string): MediaSnapshot => ({
  mediaId,
  kind: 'image',
  state: 'ready',
  main: null,
  width: 1,
  height: 1,
  durationMs: null,
  altText: '',
  focus: { x: 0, y: 0 },
  thumbhash: null,
  variants: [],
});
