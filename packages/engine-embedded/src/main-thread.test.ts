import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@twite/core/engine';
import { accountCursor } from '@twite/core/search/account-cursor';
import { emptyPostQuery } from '@twite/core/search/search-index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedEngine, openEmbeddedEngine } from './index.ts';
import {
  accountIdOf,
  fillDatabase,
  heavyAccount,
  heavyBlocks,
  heavyFollowees,
} from './testing/fill-database.ts';

let folder = '';
let open: EmbeddedEngine;

const openFolder = (exclusive = true) =>
  openEmbeddedEngine({ location: folder, clock: Date, settings: defaultSettings, exclusive });
/** Beside the open one, with empty caches. */
const openBeside = () => openFolder(false);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-main-thread-'));
  await (await openFolder())[Symbol.asyncDispose]();
  fillDatabase(folder);
  open = await openFolder();
});
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const longReads = {
  'a phrase without a match': () =>
    open.engine.search.searchPosts(
      { ...emptyPostQuery, phrases: ['alpha three beta two', 'five four'] },
      { limit: 20 },
    ),
  'common words without a common post': () =>
    open.engine.search.searchPosts(
      { ...emptyPostQuery, words: ['alpha', 'beta', 'two', 'three', 'four'], notWords: ['five'] },
      { limit: 20 },
    ),
  'names of accounts that their handles found already': () =>
    open.engine.search.searchAccounts('a', { cursor: accountCursor(['name', '', '']), limit: 20 }),
  'recommendations for somebody who follows 1,000 accounts': () =>
    open.engine.recommendations.recommend(accountIdOf(1), new Set(), 20),
  'statistics of the instance': () => open.engine.stats.count(),
};

const millisecondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

/** Processor time of this thread and of the whole process. It does not depend on other load on the machine. */
function processorTime() {
  const ofThread = process.threadCpuUsage();
  const ofProcess = process.cpuUsage();
  return () => ({
    threadMs: millisecondsOf(process.threadCpuUsage(ofThread)),
    processMs: millisecondsOf(process.cpuUsage(ofProcess)),
  });
}

/** Starts a read, and counts the turns of the event loop until its answer. */
async function watchTurns(read: () => Promise<unknown>) {
  let isAnswered = false;
  let turns = 0;
  let longestMs = 0;
  let startedAt = process.threadCpuUsage();
  const answered = read().then(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    await new Promise(setImmediate);
    longestMs = Math.max(longestMs, millisecondsOf(process.threadCpuUsage(startedAt)));
    startedAt = process.threadCpuUsage();
    turns += 1;
  }
  await answered;
  return { turns, longestMs };
}

describe.each(Object.entries(longReads))('%s', (_, read) => {
  it('uses at most a quarter of its CPU time on the main thread', async () => {
    // Starts the reader and compiles the statements.
    await read();
    const spent = processorTime();
    do await read();
    while (spent().processMs < 300);
    const { threadMs, processMs } = spent();
    expect(threadMs / processMs).toBeLessThan(0.25);
  });

  it('never blocks the event loop for 20 ms', async () => {
    const { turns, longestMs } = await watchTurns(read);
    expect(turns).toBeGreaterThan(1);
    expect(longestMs).toBeLessThan(20);
  });
});

it('reading thousands of uncached accounts never blocks the event loop for 20 ms', async () => {
  const accountIds = Array.from({ length: 7_500 }, (_, index) => accountIdOf(index + 1));
  const { turns, longestMs } = await watchTurns(() => open.engine.accounts.findMany(accountIds));
  expect(turns).toBeGreaterThan(1);
  expect(longestMs).toBeLessThan(20);
});

describe('the first reads of an account that follows, blocks and mutes as many as it may, and that as many block', () => {
  const accountId = accountIdOf(heavyAccount);
  // Half of them are followed.
  const some = Array.from({ length: 100 }, (_, index) => accountIdOf(heavyFollowees - 49 + index));
  const readSets = ({ blocks, mutes, follows }: EmbeddedEngine['engine']) =>
    Promise.all([
      blocks.hiddenFrom(accountId),
      mutes.mutedBy(accountId),
      follows.followeesAmong(accountId, some),
    ]);

  it('find everything', async () => {
    const [hidden, muted, followed] = await readSets(open.engine);
    expect(hidden.size).toBe(2 * heavyBlocks);
    expect(muted.size).toBe(heavyBlocks);
    expect(followed.size).toBe(50);
  });

  it('keep no turn of the event loop busy for 20 ms', async () => {
    await using cold = await openBeside();
    const { turns, longestMs } = await watchTurns(() => readSets(cold.engine));
    expect(turns).toBeGreaterThan(3);
    expect(longestMs).toBeLessThan(20);
  });
});
