import type { ReadableFile } from './connection.ts';
import type { FromReader, ToReader } from './messages.ts';
import type { QueryCall } from './queries.ts';
import { createThreadCalls } from './thread-calls.ts';
import { startThread } from './thread-file.ts';
import { unavailable } from './writer.ts';

export interface RunningReaderOptions {
  readonly threadFile: URL;
  readonly file: ReadableFile;
  /** The time without an answer after which the thread counts as hung. */
  readonly hangMs: number;
}

/** A reader thread, from its start to its end. */
export interface RunningReader {
  /** The number of waiting callers. */
  readonly size: number;
  start(call: QueryCall): { readonly id: number; readonly result: Promise<unknown> };
  /** Rejects the caller. The thread drops the query unless it has started. */
  abandon(id: number, error: Error): void;
  /** Rejects all callers, and ends the thread after the current query. */
  close(reason: Error): void;
  /** Ends the thread at once, but not within an SQLite statement. */
  terminate(): void;
  /** Resolves when the thread failed or hung: all callers were rejected, and it must be terminated. */
  readonly failed: Promise<Error>;
  /** Resolves when the thread has exited. */
  readonly exited: Promise<void>;
}

export function startReader({ threadFile, file, hangMs }: RunningReaderOptions): RunningReader {
  const worker = startThread(threadFile, file);
  const { promise: failed, resolve: tellFailed } = Promise.withResolvers<Error>();
  const { promise: exited, resolve: tellExited } = Promise.withResolvers<void>();
  /** Queries that the thread has not answered, whether or not a caller still waits. */
  let unanswered = 0;
  let hangTimer: NodeJS.Timeout | undefined;

  const send = (message: ToReader) => worker.postMessage(message);
  const calls = createThreadCalls<QueryCall>((queries) => {
    send({ type: 'run', queries });
    unanswered += queries.length;
    watch();
  });

  const stopWatching = () => {
    clearTimeout(hangTimer);
    hangTimer = undefined;
  };
  const watch = () => {
    hangTimer ??= setTimeout(() => fail(new Error(`the reader answered nothing for ${hangMs} ms`)), hangMs);
  };
  const fail = (error: Error) => {
    stopWatching();
    calls.rejectAll(unavailable(error));
    tellFailed(error);
  };

  worker.on('message', (reply: FromReader) => {
    unanswered -= 1;
    stopWatching();
    if (unanswered > 0) watch();
    calls.settle(reply);
  });
  worker.on('error', fail);
  worker.once('exit', () => {
    fail(new Error('the reader thread has ended'));
    tellExited();
  });

  return {
    get size() {
      return calls.size;
    },
    start: (call) => calls.start(call),
    abandon(id, error) {
      calls.reject(id, error);
      // After the queries of this turn.
      queueMicrotask(() => send({ type: 'cancel', id }));
    },
    close(reason) {
      calls.rejectAll(unavailable(reason));
      send({ type: 'close' });
    },
    terminate: () => void worker.terminate(),
    failed,
    exited,
  };
}
