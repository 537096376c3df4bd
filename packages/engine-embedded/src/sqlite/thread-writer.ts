import type { Worker } from 'node:worker_threads';
import { sampledTrace } from '@twite/core/tracer';
import { EngineOpenError } from '../engine-open-error.ts';
import type { DatabaseFile } from './connection.ts';
import type { FromWriter, ToWriter } from './messages.ts';
import { createThreadCalls } from './thread-calls.ts';
import { startThread, threadFile } from './thread-file.ts';
import { type CommitListener, storageFull, unavailable, type Writer } from './writer.ts';
import type { WriteOperation, WriteResult } from './writes.ts';

/** Is notified about the writer's disk space. */
export interface StorageListener {
  /** There was no space to open the file for writing, and now it is open. */
  reopened(): void;
  changed(isFull: boolean): void;
}

const ignoreStorage: StorageListener = { reopened() {}, changed() {} };

/**
 * Writes on a separate thread, so that an fsync stalls no reader. Operations that arrive during a commit share the next
 * one.
 * @throws EngineOpenError when the file cannot be used.
 */
export async function createThreadWriter(
  file: DatabaseFile,
  listener: CommitListener,
  storage: StorageListener = ignoreStorage,
): Promise<Writer> {
  const worker = startThread(threadFile('writer'), file);
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let isFull = await opened(worker, file.path);

  const { promise: failed, resolve: tellFailed } = Promise.withResolvers<Error>();
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>();
  const send = (message: ToWriter) => worker.postMessage(message);
  const calls = createThreadCalls<WriteOperation>((operations) => send({ type: 'run', operations }));
  /** Why no further writes are possible. */
  let ended: Error | undefined;
  let isClosed = false;

  const fail = (error: Error) => {
    if (isClosed) return;
    ended = error;
    calls.rejectAll(unavailable(error));
    tellFailed(error);
  };

  worker.on('message', (message: FromWriter) => {
    switch (message.type) {
      case 'committed':
        listener.committed(message.invalidations);
        for (const reply of message.replies) calls.settle(reply);
        break;
      case 'refused':
        for (const id of message.ids) {
          calls.reject(id, (message.isFull ? storageFull : unavailable)(message.error));
        }
        break;
      case 'storage':
        isFull = message.isFull;
        storage.changed(isFull);
        break;
      case 'reopened':
        storage.reopened();
        break;
      case 'foreignWrite':
        listener.foreignWrite();
        break;
      case 'failed':
        fail(message.error);
        break;
      case 'closed':
        isClosed = true;
        tellClosed();
        break;
      case 'opened':
      case 'notOpened':
        break;
      default:
        message satisfies never;
    }
  });
  worker.on('error', fail);
  void exited.then(() => {
    fail(new Error('the writer thread ended unexpectedly'));
    tellClosed();
  });

  return {
    async run(name, args) {
      if (ended !== undefined) throw unavailable(ended);
      const { result } = calls.start({ name, args, trace: sampledTrace() });
      return result as Promise<WriteResult<typeof name>>;
    },
    get isFull() {
      return isFull;
    },
    failed,
    async close() {
      if (ended === undefined) {
        ended = new Error('the engine is closed');
        // After the operations of this turn.
        queueMicrotask(() => send({ type: 'close' }));
      }
      await closed;
      await exited;
    },
  };
}

/** Whether the disk is full, so that the file is not open for writing yet. */
async function opened(worker: Worker, path: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  worker.once('message', (message: FromWriter) => {
    if (message.type === 'opened') resolve(message.isFull);
    else if (message.type === 'notOpened') {
      reject(
        new EngineOpenError(
          message.line ?? `the database ${path} cannot be opened: ${message.error.message}`,
          { cause: message.error, isTransient: message.isTransient },
        ),
      );
    }
  });
  worker.once('error', reject);
  const isFull = await promise;
  worker.removeListener('error', reject);
  return isFull;
}
