import type { AuditAction } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';

export interface AuditRecord {
  readonly entryId: string;
  readonly action: AuditAction;
  /** Null for the operator of the machine. */
  readonly actorId: string | null;
  /** The account, post or reply that was acted on, or the name of the queue. */
  readonly subjectId: string;
  readonly detail: string | null;
  readonly createdAt: number;
}

/** Source of truth for the actions of moderators and admins. Append-only. */
export interface AuditLog {
  append(entry: AuditRecord): Promise<void>;
  /** Newest first. */
  list(page: PageBefore): Promise<readonly AuditRecord[]>;
}
