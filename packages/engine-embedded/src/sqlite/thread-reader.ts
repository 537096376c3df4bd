import { ContractError } from '@twite/contract';
import type { Log } from '../log.ts';
import type { ReadableFile } from './connection.ts';
import type { Queries, QueryResult, QueryTable } from './queries.ts';
import type { Reader } from './reader.ts';
import { type RunningReader, startReader } from './running-reader.ts';
import { threadFile } from './thread-file.ts';
import { unavailable } from './writer.ts';

/** The maximum number of waiting callers. At 100 ms per query, the last one has its result before the deadline. */
const WAITING_MAX = 64;
const DEADLINE_MS = 10_000;
/** Long after the deadline: no query of a healthy thread takes this long. */
const HANG_MS = 60_000;
/** Abandoned threads may hang in a system call, where they cannot be terminated. */
const STUCK_MAX = 2;
const CLOSE_MS = 5_000;
const RETRY_AFTER_SECONDS = 1;

export interface ThreadReaderOptions {
  /** Called whenever a thread starts. */
  file(): ReadableFile;
  readonly log?: Log;
  readonly threadFile?: URL;
  readonly waitingMax?: number;
  readonly deadlineMs?: number;
  readonly hangMs?: number;
}

/** A reader whose thread starts with the first query, and is replaced after a failure. */
export interface ThreadReader<Table extends QueryTable> extends Reader<Table> {
  /** Ends the thread, so that the next query reopens the file. */
  reopen(): void;
}

const overloaded = (cause?: Error) =>
  new ContractError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });

export function createThreadReader<Table extends QueryTable = Queries>({
  file,
  log = () => {},
  threadFile: moduleOfThread,
  waitingMax = WAITING_MAX,
  deadlineMs = DEADLINE_MS,
  hangMs = HANG_MS,
}: ThreadReaderOptions): ThreadReader<Table> {
  let current: RunningReader | undefined;
  /** Threads that were asked to end and have not ended yet. */
  const ending = new Set<RunningReader>();
  let closed: Error | undefined;

  const letGo = (reader: RunningReader) => {
    if (current === reader) current = undefined;
    ending.add(reader);
    void reader.exited.then(() => ending.delete(reader));
  };
  const tryToStart = (): RunningReader => {
    try {
      return startReader({ threadFile: moduleOfThread ?? threadFile('reader'), file: file(), hangMs });
    } catch (error) {
      // The machine is out of threads or memory.
      throw unavailable(error);
    }
  };
  const start = (): RunningReader => {
    if (ending.size >= STUCK_MAX) throw unavailable(new Error('the threads before have not ended'));
    const reader = tryToStart();
    void reader.failed.then((error) => {
      if (current === reader) log({ level: 'error', msg: 'reader thread failed', err: error });
      letGo(reader);
      reader.terminate();
    });
    return reader;
  };

  const endCurrent = (reason: Error) => {
    if (current === undefined) return;
    const reader = current;
    letGo(reader);
    reader.close(reason);
  };

  return {
    async run(name, args) {
      if (closed !== undefined) throw unavailable(closed);
      if ((current?.size ?? 0) >= waitingMax) throw overloaded();
      current ??= start();
      const reader = current;
      const { id, result } = reader.start({ name, args });
      const deadline = setTimeout(
        () => reader.abandon(id, overloaded(new Error(`${name} took longer than ${deadlineMs} ms`))),
        deadlineMs,
      );
      try {
        return (await result) as QueryResult<typeof name, Table>;
      } finally {
        clearTimeout(deadline);
      }
    },
    reopen: () => endCurrent(new Error('the file is opened again')),
    async close() {
      closed ??= new Error('the engine is closed');
      endCurrent(closed);
      await Promise.all([...ending].map(endedSoon));
    },
  };
}

/** Resolves when the thread has exited, or was asked to terminate at once. */
async function endedSoon(reader: RunningReader): Promise<void> {
  const { promise: late, resolve: markLate } = Promise.withResolvers<void>();
  const timer = setTimeout(markLate, CLOSE_MS);
  await Promise.race([reader.exited, late.then(() => reader.terminate())]);
  clearTimeout(timer);
}
