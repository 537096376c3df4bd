import { ContractError } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import { roleRank } from '../accounts/role-rank.ts';
import type { Deps } from '../engine.ts';
import type { AuditDeps } from './audited.ts';

export type ManageDeps = AuditDeps &
  Pick<Deps, 'accounts' | 'sessions' | 'tokens' | 'passwordResets' | 'mediaUrl'>;

/** Moderators may act on users, admins on everyone. Throws `insufficient_role`. */
export function requireAuthority(actor: AccountRecord, subject: AccountRecord): void {
  if (actor.role !== 'admin' && roleRank[subject.role] >= roleRank[actor.role])
    throw new ContractError('insufficient_role');
}
