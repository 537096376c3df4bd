import type { DatabaseSync } from 'node:sqlite';
import { EngineOpenError } from '../engine-open-error.ts';
import { carryError } from './carried-error.ts';
import { type DatabaseFile, openWriting } from './connection.ts';
import type { FromWriter, QueuedOperation, ToWriter } from './messages.ts';
import { isBusy, isFull, isInputOutputError } from './sqlite-error.ts';
import type { ThreadPort } from './thread-port.ts';
import { createBatchRunner, StorageFullError, type WriteOutcome, WriterBusyError } from './write-batch.ts';

const BATCH_MAX = 256;
const FOREIGN_CHECK_MS = 250;
const SPACE_CHECK_MS = 1_000;

interface Connection {
  readonly db: DatabaseSync;
  readonly runBatch: ReturnType<typeof createBatchRunner>;
  /** Whether another connection has committed since the last call. */
  hasForeignWrite(): boolean;
}

function connect(file: DatabaseFile): Connection {
  const db = openWriting(file);
  const dataVersion = db.prepare('PRAGMA data_version');
  const readVersion = () => Number(dataVersion.get()?.data_version);
  let version = readVersion();
  return {
    db,
    runBatch: createBatchRunner(db),
    hasForeignWrite() {
      const current = readVersion();
      const hasChanged = current !== version;
      version = current;
      return hasChanged;
    },
  };
}

/**
 * Owns the writing connection: takes the queued operations, writes them in one transaction, and answers all of them.
 */
export function serveWriter(file: DatabaseFile, port: ThreadPort<ToWriter, FromWriter>): void {
  /** Undefined while there is no space to open the file. */
  let connection: Connection | undefined;
  try {
    connection = connect(file);
  } catch (error) {
    if (!isFull(error)) {
      // postMessage drops the error's class, so the message is sent as text.
      const line = error instanceof EngineOpenError ? error.message : null;
      const isTransient = isInputOutputError(error);
      port.send({ type: 'notOpened', line, error: toError(error), isTransient });
      port.close();
      return;
    }
  }

  const queue: QueuedOperation[] = [];
  let drainScheduled = false;
  let closing = false;

  const checkForeign = () => {
    if (connection?.hasForeignWrite()) port.send({ type: 'foreignWrite' });
  };
  const foreignTimer = setInterval(() => guarded(checkForeign), FOREIGN_CHECK_MS);

  let spaceTimer: NodeJS.Timeout | undefined;
  const waitForSpace = () => {
    spaceTimer ??= setInterval(() => guarded(checkSpace), SPACE_CHECK_MS);
  };
  const noticeFull = () => {
    if (spaceTimer !== undefined) return;
    port.send({ type: 'storage', isFull: true });
    waitForSpace();
  };
  /** Attempts a write that changes nothing. */
  const checkSpace = () => {
    try {
      if (connection === undefined) {
        connection = connect(file);
        port.send({ type: 'reopened' });
      }
      connection.db.exec('UPDATE consumers SET seq = seq');
    } catch (error) {
      if (isFull(error) || isBusy(error)) return;
      throw error;
    }
    clearInterval(spaceTimer);
    spaceTimer = undefined;
    port.send({ type: 'storage', isFull: false });
  };

  const stopTimers = () => {
    clearInterval(foreignTimer);
    clearInterval(spaceTimer);
  };
  const fail = (error: unknown) => {
    closing = true;
    queue.length = 0;
    stopTimers();
    port.send({ type: 'failed', error: toError(error) });
    // The connection stays open: closing it would try to write.
    port.close();
  };
  const guarded = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };

  const writeBatch = () => {
    const operations = queue.splice(0, BATCH_MAX);
    try {
      if (connection === undefined) throw new StorageFullError('there is no space to open the database');
      const outcomes = connection.runBatch(operations);
      // A foreign write before this batch must invalidate the caches before its results are visible.
      checkForeign();
      port.send({
        type: 'committed',
        replies: operations.map(({ id }, index) => toReply(id, outcomes[index])),
        invalidations: outcomes.flatMap((outcome) => (outcome.ok ? outcome.invalidations : [])),
      });
    } catch (error) {
      const isOutOfSpace = error instanceof StorageFullError;
      if (!isOutOfSpace && !(error instanceof WriterBusyError)) throw error;
      if (isOutOfSpace) noticeFull();
      port.send({ type: 'refused', ids: operations.map(({ id }) => id), error, isFull: isOutOfSpace });
    }
  };

  const close = () => {
    stopTimers();
    try {
      connection?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // The log keeps what does not fit into the file.
      if (!isFull(error)) throw error;
    }
    connection?.db.close();
    port.send({ type: 'closed' });
    port.close();
  };

  const drain = () => {
    drainScheduled = false;
    if (queue.length > 0) writeBatch();
    if (queue.length > 0) scheduleDrain();
    else if (closing) close();
  };
  // Deferred: all messages that have arrived by then belong to the same batch.
  const scheduleDrain = () => {
    if (drainScheduled) return;
    drainScheduled = true;
    setImmediate(() => guarded(drain));
  };

  port.onMessage((message) => {
    if (message.type === 'run') queue.push(...message.operations);
    else closing = true;
    scheduleDrain();
  });
  port.send({ type: 'opened', isFull: connection === undefined });
  if (connection === undefined) waitForSpace();
}

function toReply(id: number, outcome: WriteOutcome | undefined) {
  if (outcome?.ok) return { id, ok: true, result: outcome.result } as const;
  return {
    id,
    ok: false,
    error: carryError(outcome?.error ?? new Error('the operation has no outcome')),
  } as const;
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
