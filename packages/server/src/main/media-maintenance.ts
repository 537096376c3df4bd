import type { Difference } from '@twite/core/admin/derived-data';
import { compareMedia, type PrunedObjects, pruneObjects } from '@twite/core/media/verify-media';
import { type InstanceInput, withInstance } from './operator-command.ts';

export interface PruneMediaInput extends InstanceInput {
  /** Counts, and deletes nothing. */
  readonly dryRun: boolean;
}

/** `twite admin media prune`. */
export const pruneMedia = ({ dryRun, ...instance }: PruneMediaInput): Promise<PrunedObjects> =>
  withInstance(instance, (deps) => pruneObjects(deps, { now: deps.clock.now(), dryRun }));

/** The part of `twite admin verify` that both engines have. */
export const verifyMedia = (instance: InstanceInput): Promise<Difference> =>
  withInstance(instance, compareMedia);
