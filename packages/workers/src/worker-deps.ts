import type { Deps } from '@twite/core/engine';

/**
 * The dependencies of consumers and jobs. They verify no passwords, present nothing to users, and read no timelines for
 * them.
 */
export type WorkerDeps = Omit<Deps, 'passwords' | 'mediaUrl' | 'timelineRebuilds'>;
