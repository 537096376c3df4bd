import type { z } from 'zod4';
import type * as accountEntities from './entities/account.ts';
import type * as instanceEntities from './entities/instance.ts';
import type * as mediaEntities from './entities/media.ts';
import type * as postEntities from './entities/post.ts';
import type { problem } from './entities/problem.ts';
import type * as sessionEntities from './entities/session.ts';
import type * as statusEntities from './entities/status.ts';

export type AccountSummary = z.infer<typeof accountEntities.accountSummary>;
export type Account = z.infer<typeof accountEntities.account>;
export type Me = z.infer<typeof accountEntities.me>;
export type AdminAccount = z.infer<typeof accountEntities.adminAccount>;
export type RecommendedAccount = z.infer<typeof accountEntities.recommendedAccount>;
export type Relationship = z.infer<typeof accountEntities.relationship>;
export type Media = z.infer<typeof mediaEntities.media>;
export type MediaVariant = z.infer<typeof mediaEntities.mediaVariant>;
export type Avatar = z.infer<typeof mediaEntities.avatar>;
export type TextEntities = z.infer<typeof postEntities.textEntities>;
export type Post = z.infer<typeof postEntities.post>;
export type PostWithReplies = z.infer<typeof postEntities.postWithReplies>;
export type Reply = z.infer<typeof postEntities.reply>;
export type LikedItem = z.infer<typeof postEntities.likedItem>;
export type LikeState = z.infer<typeof postEntities.likeState>;
export type Session = z.infer<typeof sessionEntities.session>;
export type SignedIn = z.infer<typeof sessionEntities.signedIn>;
export type SessionInfo = z.infer<typeof sessionEntities.sessionInfo>;
export type Token = z.infer<typeof sessionEntities.token>;
export type CreatedToken = z.infer<typeof sessionEntities.createdToken>;
export type PasswordReset = z.infer<typeof sessionEntities.passwordReset>;
export type Instance = z.infer<typeof instanceEntities.instance>;
export type Stats = z.infer<typeof instanceEntities.stats>;
export type AuditAction = z.infer<typeof instanceEntities.auditAction>;
export type AuditEntry = z.infer<typeof instanceEntities.auditEntry>;
export type Status = z.infer<typeof statusEntities.status>;
export type QueueState = z.infer<typeof statusEntities.queueState>;
export type QueueList = z.infer<typeof statusEntities.queueList>;
export type ParkedMessage = z.infer<typeof statusEntities.parkedMessage>;
export type MessageCount = z.infer<typeof statusEntities.messageCount>;
export type Problem = z.infer<typeof problem>;
export type Visibility = Post['visibility'];

/** A page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
