import { hostname } from 'node:os';
import type { Log } from '../../log.ts';
import { pause } from '../../rabbitmq/pause.ts';
import type { MigrationsDoc } from '../documents.ts';
import {
  type EpochLease,
  LeaseLost,
  type LeaseTimes,
  leaseTimes,
  neverHeld,
  takeEpochLease,
} from '../epoch-lease.ts';
import { insertedNew } from '../errors.ts';
import { bounded } from '../reads.ts';
import type { Migration, MigrationRun, Stage } from './migration.ts';

export interface Stint {
  readonly databases: MigrationRun['databases'];
  readonly stage: Stage;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** For tests. */
  readonly times?: LeaseTimes | undefined;
}

interface Work {
  readonly isPending: () => Promise<boolean>;
  readonly work: (lease: EpochLease<MigrationsDoc>) => Promise<void>;
}

/**
 * How often a process checks whether another one is done: starts wait for `beforeServing`, and nothing waits for
 * `background`.
 */
const lookMs: Readonly<Record<Stage, number>> = { beforeServing: 250, background: 15_000 };

/**
 * Works as long as work is pending, in one process at a time. Resolves when nothing is pending, whichever process did
 * the work, or when the signal ends it. The lease is on the stage's record itself: the store rejects what a process
 * writes there after it was paused and another took over.
 */
export async function workAlone({ isPending, work, ...stint }: Stint & Work): Promise<void> {
  const { databases, stage, log, signal, times = leaseTimes } = stint;
  const collection = databases.collections.migrations;
  const holder = `${hostname()}:${process.pid}`;
  for (let isFirst = true; !signal.aborted && (await isPending()); isFirst = false) {
    const begun = { _id: stage, ...neverHeld, applied: [] };
    if (isFirst && (await collection.findOne({ _id: stage }, bounded)) === null) {
      await insertedNew(collection.insertOne(begun));
    }
    const lease = await takeEpochLease<MigrationsDoc>({ collection, id: stage, holder, times });
    if (lease === undefined) {
      if (isFirst) log({ level: 'info', msg: 'migration waiting for another process', stage });
      await pause((0.75 + Math.random() / 2) * lookMs[stage], signal);
      continue;
    }
    try {
      await work(lease);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof LeaseLost)) throw error;
      log({ level: 'warn', msg: 'migration taken over by another process', stage });
    } finally {
      // A lease that cannot be released expires by itself.
      await lease.release().catch(() => undefined);
    }
  }
}

/** The migrations of a stage that are not recorded as applied. */
export const pendingOf = (
  migrations: readonly Migration[],
  stage: Stage,
  doc: Pick<MigrationsDoc, 'applied'> | null,
): readonly Migration[] => {
  const applied = new Set(doc?.applied.map(({ name }) => name));
  return migrations.filter((migration) => migration.stage === stage && !applied.has(migration.name));
};

/** Runs the pending migrations of a stage, in order. */
export async function runMigrations(
  given: Stint & { readonly migrations: readonly Migration[] },
): Promise<void> {
  const { migrations, ...stint } = given;
  const { databases, stage } = stint;
  const record = () => databases.collections.migrations.findOne({ _id: stage }, bounded);
  await workAlone({
    ...stint,
    isPending: async () => pendingOf(migrations, stage, await record()).length > 0,
    async work(lease) {
      // Seldom needed, and it brings a command line parser with it.
      const { Umzug, MigrationError } = await import('umzug');
      const umzug = new Umzug({
        migrations: migrations
          .filter((migration) => migration.stage === stage)
          .map((migration) => ({
            name: migration.name,
            up: async () => runOne(stint, lease, migration, (await record())?.running),
          })),
        logger: undefined,
        storage: {
          executed: async () => (await record())?.applied.map(({ name }) => name) ?? [],
          // Recorded by `runOne`, which knows more.
          async logMigration() {},
          async unlogMigration({ name }) {
            throw new Error(`the migration ${name} cannot be undone: restore a backup`);
          },
        },
      });
      await umzug.up().catch((error: unknown) => {
        throw error instanceof MigrationError ? error.cause : error;
      });
    },
  });
}

async function runOne(
  { databases, log, stage, signal: stopped }: Stint,
  lease: EpochLease<MigrationsDoc>,
  { name, version, run }: Migration,
  before: MigrationsDoc['running'],
): Promise<void> {
  const begun = before?.name === name ? before : { name, startedAt: new Date(), done: 0 };
  const signal = AbortSignal.any([stopped, lease.lost]);
  let { done } = begun;
  log({ level: 'info', msg: 'migration started', migration: name, stage, place: begun.place, done });
  await lease.update({ $set: { running: begun } });
  await run({
    databases,
    place: begun.place,
    signal,
    log,
    async save(place, more) {
      signal.throwIfAborted();
      done += more;
      await lease.update({ $set: { 'running.place': place, 'running.done': done } });
    },
  });
  signal.throwIfAborted();
  const { startedAt } = begun;
  await lease.update({
    $push: { applied: { name, version, startedAt, finishedAt: new Date(), done } },
    $unset: { running: '' },
  });
  log({ level: 'info', msg: 'migration completed', migration: name, stage, done });
}
