import type { DatabaseSync } from 'node:sqlite';
import { EngineOpenError } from '../engine-open-error.ts';
import { type DatabaseFile, openWriting } from './connection.ts';
import type { FromWriter, QueuedOperation, ToWriter } from './messages.ts';
import { createBatchRunner, type WriteOutcome, WriterBusyError } from './write-batch.ts';

const BATCH_MAX = 256;
const FOREIGN_CHECK_MS = 250;

export interface WriterPort {
  send(message: FromWriter): void;
  onMessage(listener: (message: ToWriter) => void): void;
  close(): void;
}

/** Owns the writing connection: takes what is queued, writes it in one transaction, answers all of it. */
export function serveWriter(file: DatabaseFile, port: WriterPort): void {
  let db: DatabaseSync;
  try {
    db = openWriting(file);
  } catch (error) {
    // A class does not survive the way to another thread; the line does.
    port.send({
      type: 'notOpened',
      line: error instanceof EngineOpenError ? error.message : null,
      error: toError(error),
    });
    port.close();
    return;
  }

  const runBatch = createBatchRunner(db);
  const queue: QueuedOperation[] = [];
  let drainScheduled = false;
  let closing = false;

  const dataVersion = db.prepare('PRAGMA data_version');
  const readVersion = () => Number(dataVersion.get()?.data_version);
  let version = readVersion();
  /** Only commits of other connections change the version. */
  const checkForeign = () => {
    const current = readVersion();
    if (current === version) return;
    version = current;
    port.send({ type: 'foreignWrite' });
  };
  const foreignTimer = setInterval(() => guarded(checkForeign), FOREIGN_CHECK_MS);

  const fail = (error: unknown) => {
    closing = true;
    queue.length = 0;
    clearInterval(foreignTimer);
    port.send({ type: 'failed', error: toError(error) });
    // The connection is left as it is: closing it would try to write.
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
      const outcomes = runBatch(operations);
      // A foreign write before this batch must empty the caches before its results are seen.
      checkForeign();
      port.send({
        type: 'committed',
        replies: operations.map(({ id }, index) => toReply(id, outcomes[index])),
        touched: outcomes.flatMap((outcome) => (outcome.ok ? outcome.touched : [])),
      });
    } catch (error) {
      if (!(error instanceof WriterBusyError)) throw error;
      port.send({ type: 'refused', ids: operations.map(({ id }) => id), error });
    }
  };

  const close = () => {
    clearInterval(foreignTimer);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    port.send({ type: 'closed' });
    port.close();
  };

  const drain = () => {
    drainScheduled = false;
    if (queue.length > 0) writeBatch();
    if (queue.length > 0) scheduleDrain();
    else if (closing) close();
  };
  // Not at once: all messages that have arrived by now belong to the same batch.
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
  port.send({ type: 'opened' });
}

function toReply(id: number, outcome: WriteOutcome | undefined) {
  if (outcome?.ok) return { id, ok: true, result: outcome.result } as const;
  return { id, ok: false, error: outcome?.error ?? new Error('the operation has no outcome') } as const;
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
