import type { AuditAction } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';

export interface AuditRecord {
  readonly entryId: string;
  readonly action: AuditAction;
  /** null: the operator of the machine. */
  readonly actorId: string | null;
  /** The account, post or reply that it was done to, or the name of the queue. */
  readonly subjectId: string;
  readonly detail: string | null;
  readonly createdAt: number;
}

/** Source of truth for what moderators and admins did: only ever appended to. */
export interface AuditLog {
  append(entry: AuditRecord): Promise<void>;
  /** Newest first. */
  list(page: PageBefore): Promise<readonly AuditRecord[]>;
}
