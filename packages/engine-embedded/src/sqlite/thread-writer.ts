import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { EngineOpenError } from '../engine-open-error.ts';
import type { DatabaseFile } from './connection.ts';
import type { FromWriter, OperationReply, QueuedOperation, ToWriter } from './messages.ts';
import { type CommitListener, unavailable, type Writer } from './writer.ts';
import type { WriteResult } from './writes.ts';

// By the package's own name: where this code ends up in a bundle makes no difference. Not import.meta.resolve, which
// test runners that transform modules do not have.
const threadFile = () =>
  pathToFileURL(createRequire(import.meta.url).resolve('@twite/engine-embedded/writer-thread'));

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Writes on a thread of its own, so that an fsync stalls no reader. What is asked while a commit is under way shares the
 * next one.
 * @throws EngineOpenError when the file cannot be used.
 */
export async function createThreadWriter(file: DatabaseFile, listener: CommitListener): Promise<Writer> {
  const worker = new Worker(threadFile(), {
    workerData: file,
    // Its garbage is small and short-lived: a small nursery keeps the process small under load.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await opened(worker, file.path);

  const { promise: failed, resolve: tellFailed } = Promise.withResolvers<Error>();
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>();
  const waiting = new Map<number, Waiting>();
  let outbox: QueuedOperation[] = [];
  let lastId = 0;
  /** Why nothing can be written any more. */
  let ended: Error | undefined;
  let isClosed = false;

  const fail = (error: Error) => {
    if (isClosed) return;
    ended = error;
    for (const { reject } of waiting.values()) reject(unavailable(error));
    waiting.clear();
    tellFailed(error);
  };

  const settle = (reply: OperationReply) => {
    const operation = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) operation?.resolve(reply.result);
    else operation?.reject(reply.error);
  };

  worker.on('message', (message: FromWriter) => {
    switch (message.type) {
      case 'committed':
        listener.committed(message.touched);
        for (const reply of message.replies) settle(reply);
        break;
      case 'refused':
        for (const id of message.ids) {
          waiting.get(id)?.reject(unavailable(message.error));
          waiting.delete(id);
        }
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

  const send = (message: ToWriter) => worker.postMessage(message);
  const flush = () => {
    const operations = outbox;
    outbox = [];
    try {
      send({ type: 'run', operations });
    } catch {
      // Something in one of them cannot cross threads: that one fails, alone.
      for (const operation of operations) sendAlone(operation);
    }
  };
  const sendAlone = (operation: QueuedOperation) => {
    try {
      send({ type: 'run', operations: [operation] });
    } catch (error) {
      waiting.get(operation.id)?.reject(error as Error);
      waiting.delete(operation.id);
    }
  };

  return {
    async run(name, args) {
      if (ended !== undefined) throw unavailable(ended);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      if (outbox.length === 0) queueMicrotask(flush);
      outbox.push({ id: lastId, name, args });
      return promise as Promise<WriteResult<typeof name>>;
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

async function opened(worker: Worker, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.once('message', (message: FromWriter) => {
    if (message.type === 'opened') resolve();
    else if (message.type === 'notOpened') {
      reject(
        new EngineOpenError(
          message.line ?? `the database ${path} cannot be opened: ${message.error.message}`,
          {
            cause: message.error,
          },
        ),
      );
    }
  });
  worker.once('error', reject);
  await promise;
  worker.removeListener('error', reject);
}
