import type { Log } from '../../log.ts';
import type { Databases } from '../databases.ts';

/**
 * When a migration runs. `beforeServing`: before any process of the new release serves, which waits for it; so it has to be
 * short. `background`: beside the new release, by one of its processes, for as long as it takes.
 */
export const stages = ['beforeServing', 'background'] as const;
export type Stage = (typeof stages)[number];

/** A change of what is stored, made once. Processes of the release before run beside it and after it. */
export interface Migration {
  /** Unique for good; the list is in the order of the names. */
  readonly name: string;
  readonly stage: Stage;
  /** The schema version that needs it. */
  readonly version: number;
  /**
   * Does it, or what a run before this one left of it. Works in bounded batches and saves its place after each. May be run
   * again from any saved place, also while one that was paused still finishes a batch: so each batch is idempotent.
   */
  readonly run: (run: MigrationRun) => Promise<void>;
}

/** What a migration is given. */
export interface MigrationRun {
  readonly databases: Pick<Databases, 'collections' | 'db' | 'nameOf' | 'deployments'>;
  /** The place that was saved last; undefined at the beginning. */
  readonly place: string | undefined;
  /** Saves a place, and how many documents were done since the last. Rejects when another process works on it now. */
  save(place: string, done: number): Promise<void>;
  /** Aborted when the process ends, or another works on it now. */
  readonly signal: AbortSignal;
  readonly log: Log;
}
