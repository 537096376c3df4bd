import { workerData } from 'node:worker_threads';
import { ContractError } from '@twite/contract';
import { openReadable, type ReadableFile } from './connection.ts';
import { serveReader } from './serve-reader.ts';
import type { Statements } from './statements.ts';
import { threadPort } from './thread-port.ts';

/** Shared between the test and a query: whether the query has started, and whether it may end. */
export type Gate = Int32Array<SharedArrayBuffer>;
export const hasBegun = 0;
export const mayEnd = 1;

/** Queries that no product has: to wait, to fail and to end the thread. */
export const testQueries = {
  countPosts: (read: Statements) =>
    Number(read.get<{ posts: number }>('SELECT count(*) AS posts FROM posts')?.posts),
  waitAt(_: Statements, gate: Gate) {
    Atomics.store(gate, hasBegun, 1);
    Atomics.notify(gate, hasBegun);
    Atomics.wait(gate, mayEnd, 0);
    return 'done';
  },
  refuse(): never {
    throw new ContractError('account_not_found', { detail: 'nobody', retryAfterSeconds: 7 });
  },
  askNonsense: (read: Statements) => read.get('SELECT nonsense'),
  endThread: () => process.exit(3),
};

if (workerData !== null) serveReader(testQueries, openReadable(workerData as ReadableFile), threadPort());
