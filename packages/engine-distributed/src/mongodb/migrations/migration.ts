import type { Log } from '../../log.ts';
import type { Databases } from '../databases.ts';

/**
 * When a migration runs. `beforeServing`: before any process of the new release serves, which waits for it, so it has
 * to be short. `background`: while the new release serves, by one of its processes, for as long as it takes.
 */
export const stages = ['beforeServing', 'background'] as const;
export type Stage = (typeof stages)[number];

/** A one-time change of the stored data. Processes of the previous release run during and after it. */
export interface Migration {
  /** Unique forever; the list is sorted by name. */
  readonly name: string;
  readonly stage: Stage;
  /** The schema version that requires it. */
  readonly version: number;
  /**
   * Runs the migration, or what a previous run left of it. Works in bounded batches and saves its place after each. May
   * be run again from any saved place, even while a paused run still finishes a batch, so each batch is idempotent.
   */
  readonly run: (run: MigrationRun) => Promise<void>;
}

/** The arguments of a migration. */
export interface MigrationRun {
  readonly databases: Pick<Databases, 'collections' | 'db' | 'nameOf' | 'deployments'>;
  /** The last saved place; undefined at the beginning. */
  readonly place: string | undefined;
  /**
   * Saves a place, and the number of documents processed since the last. Rejects when another process works on the
   * migration now.
   */
  save(place: string, done: number): Promise<void>;
  /** Aborted when the process ends, or another process works on the migration now. */
  readonly signal: AbortSignal;
  readonly log: Log;
}
