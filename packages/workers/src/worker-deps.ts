import type { Deps } from '@twite/core/engine';

/** What consumers and jobs use. They verify no passwords, present nothing to anyone, and read no timelines for people. */
export type WorkerDeps = Omit<Deps, 'passwords' | 'mediaUrl' | 'timelineRebuilds'>;
