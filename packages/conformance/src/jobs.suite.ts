import type { Job, JobHandlers } from '@twite/core/jobs/job-queue';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { atOnce, newAccount, type World } from './world.ts';

/** One handler for jobs of every name. */
const handleAll = (handle: (job: Job) => Promise<void>): JobHandlers => ({
  fanOutPost: handle,
  settleAccount: handle,
  purgePost: handle,
  processVideo: handle,
  purgeMedia: handle,
  settleMedia: handle,
});

/** Works on jobs until all that are expected were done. */
async function work(
  world: World,
  expected: readonly Job[],
  handle: (job: Job) => Promise<void> = async () => {},
) {
  const done: Job[] = [];
  const missing = new Set(expected.map(keyOf));
  const all = Promise.withResolvers<void>();
  const subscription = await world.engine.jobs.consume(
    handleAll(async (job) => {
      await handle(job);
      done.push(job);
      missing.delete(keyOf(job));
      if (missing.size === 0) all.resolve();
    }),
  );
  return { done, all: all.promise, stop: () => subscription[Symbol.asyncDispose]() };
}

const keyOf = (job: Job) => JSON.stringify(Object.entries(job).sort());

const aSettleJob = (world: World): Job => ({ name: 'settleAccount', accountId: world.id() });

const someJobs = (world: World): Job[] => [
  { name: 'fanOutPost', postId: world.id(), authorId: world.id(), afterFollowId: world.id() },
  aSettleJob(world),
  { name: 'purgePost', postId: world.id() },
];

export const jobsSuite: Suite = ({ factAlone, factOverReopen }) => {
  factAlone('every job that was enqueued is done, as it was enqueued', {}, async (world) => {
    const before = someJobs(world);
    await world.engine.jobs.enqueue(before);
    const during = someJobs(world);
    const { done, all, stop } = await work(world, [...before, ...during]);
    await world.engine.jobs.enqueue(during);
    await world.engine.jobs.enqueue([]);
    await all;
    await world.settled();
    for (const job of [...before, ...during]) expect(done).toContainEqual(job);
    expect(new Set(done.map(keyOf)).size).toBe(6);
    await stop();
  });

  factAlone('many jobs enqueued at once are all done', {}, async (world) => {
    const batches = Array.from({ length: 30 }, () => [...someJobs(world), ...someJobs(world)]);
    const { all, stop } = await work(world, batches.flat());
    await Promise.all(batches.map((batch) => world.engine.jobs.enqueue(batch)));
    await all;
    await stop();
  });

  factAlone('a job that fails comes again until it is done', {}, async (world) => {
    const [job, other] = [aSettleJob(world), aSettleJob(world)];
    let attempts = 0;
    const { done, all, stop } = await work(world, [job, other], async (each) => {
      if (keyOf(each) === keyOf(job) && ++attempts < 5) throw new Error('not yet');
    });
    await world.engine.jobs.enqueue([job, other]);
    await all;
    expect(attempts).toBe(5);
    expect(done).toContainEqual(job);
    await stop();
  });

  factAlone('a job that fails five times is parked, and the others are done', {}, async (world) => {
    const poison = aSettleJob(world);
    const parked = Promise.withResolvers<void>();
    let attempts = 0;
    const others = someJobs(world);
    const { done, all, stop } = await work(world, others, async (job) => {
      if (keyOf(job) !== keyOf(poison)) return;
      if (++attempts === 5) parked.resolve();
      throw new Error('this job is poison');
    });
    await world.engine.jobs.enqueue([poison, ...others]);
    await Promise.all([all, parked.promise]);
    await world.settled();

    await stop();
    const later = someJobs(world);
    const next = await work(world, later);
    await world.engine.jobs.enqueue(later);
    await next.all;
    await world.settled();
    expect(next.done).not.toContainEqual(poison);
    await next.stop();
    expect(attempts).toBe(5);
    expect(done).not.toContainEqual(poison);
  });

  factAlone('a job may enqueue others', {}, async (world) => {
    const [first, second, third] = [aSettleJob(world), aSettleJob(world), aSettleJob(world)];
    const next = new Map([
      [keyOf(first), second],
      [keyOf(second), third],
    ]);
    const { done, all, stop } = await work(world, [first, second, third], async (job) => {
      const following = next.get(keyOf(job));
      if (following !== undefined) await world.engine.jobs.enqueue([following]);
    });
    await world.engine.jobs.enqueue([first]);
    await all;
    expect(new Set(done.map(keyOf))).toEqual(new Set([first, second, third].map(keyOf)));
    await stop();
  });

  factAlone('settled waits for the jobs that events caused', {}, async (world) => {
    const settledAccounts = new Set<string>();
    const worker = await world.engine.jobs.consume({
      ...handleAll(async () => {}),
      async settleAccount({ accountId }) {
        await world.engine.accounts.findMany([accountId]);
        settledAccounts.add(accountId);
      },
    });
    const subscription = await world.engine.events.consume('upkeep', async (batch) => {
      for (const event of batch) {
        if (event.type !== 'accountCreated') continue;
        await world.engine.jobs.enqueue([{ name: 'settleAccount', accountId: event.accountId }]);
      }
    });
    const accountIds = await atOnce(20, () => newAccount(world));
    await world.settled();
    expect(settledAccounts).toEqual(new Set(accountIds));
    await subscription[Symbol.asyncDispose]();
    await worker[Symbol.asyncDispose]();
  });

  factAlone('disposing waits for the job under way', {}, async (world) => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let finished = false;
    const { stop } = await work(world, [], async () => {
      started.resolve();
      await release.promise;
      finished = true;
    });
    await world.engine.jobs.enqueue([aSettleJob(world)]);
    await started.promise;
    const disposed = stop().then(() => finished);
    release.resolve();
    expect(await disposed).toBe(true);
  });

  factAlone('jobs wait for someone who works on them', {}, async (world) => {
    const first = await work(world, []);
    await first.stop();
    const jobs = someJobs(world);
    await world.engine.jobs.enqueue(jobs);
    const { all, stop } = await work(world, jobs);
    await all;
    expect(first.done).toEqual([]);
    await stop();
  });

  factOverReopen('jobs outlive the process', async (world, reopen) => {
    const jobs = [...someJobs(world), ...someJobs(world)];
    await world.engine.jobs.enqueue(jobs);
    const after = await reopen();
    const { all, stop } = await work(after, jobs);
    await all;
    await stop();
  });
};
