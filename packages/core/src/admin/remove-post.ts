import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { type AuditDeps, writeAudit } from './audited.ts';

/** Removes anyone's post, visible or not. Throws `post_not_found`. */
export async function removePost(
  deps: AuditDeps & Pick<Deps, 'posts'>,
  actorId: string,
  postId: string,
): Promise<void> {
  if (!(await deps.posts.delete(postId))) throw new ContractError('post_not_found');
  await writeAudit(deps, actorId, 'post_removed', postId);
}
