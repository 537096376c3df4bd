import { handleEveryJob } from '@twite/core/jobs/every-job';
import {
  classOfJob,
  type Job,
  type JobClass,
  jobClasses,
  jobQueueNameOf,
} from '@twite/core/jobs/job-catalogue';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { atOnce, newAccount, present, type World } from './world.ts';

/** Works on jobs until all expected ones are done. */
async function work(
  world: World,
  expected: readonly Job[],
  handle: (job: Job) => Promise<void> = async () => {},
) {
  const done: Job[] = [];
  const missing = new Set(expected.map(keyOf));
  const all = Promise.withResolvers<void>();
  const subscription = await world.engine.jobs.consume(
    jobClasses,
    handleEveryJob(async (job) => {
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
  { name: 'processVideo', mediaId: world.id() },
  { name: 'purgeMedia', mediaId: world.id() },
  { name: 'settleMedia', accountId: world.id(), afterMediaId: world.id() },
];

const aJobOf: Readonly<Record<JobClass, (world: World) => Job>> = {
  fanOut: (world) => ({
    name: 'fanOutPost',
    postId: world.id(),
    authorId: world.id(),
    afterFollowId: world.id(),
  }),
  reconcile: aSettleJob,
  media: (world) => ({ name: 'processVideo', mediaId: world.id() }),
};

const hourMs = 3_600_000;

const parkedOf = async (world: World, jobClass: JobClass) =>
  present(await world.engine.queues.listParked(jobQueueNameOf(jobClass), { limit: 100 }), jobClass);

export const jobsSuite: Suite = ({ factAlone, factOverReopen }) => {
  factAlone('every enqueued job runs with its payload', {}, async (world) => {
    const before = someJobs(world);
    await world.engine.jobs.enqueue(before);
    const during = someJobs(world);
    const { done, all, stop } = await work(world, [...before, ...during]);
    await world.engine.jobs.enqueue(during);
    await world.engine.jobs.enqueue([]);
    await all;
    await world.settled();
    for (const job of [...before, ...during]) expect(done).toContainEqual(job);
    expect(new Set(done.map(keyOf)).size).toBe(before.length + during.length);
    await stop();
  });

  factAlone('many jobs enqueued concurrently all run', {}, async (world) => {
    const batches = Array.from({ length: 30 }, () => [...someJobs(world), ...someJobs(world)]);
    const { all, stop } = await work(world, batches.flat());
    await Promise.all(batches.map((batch) => world.engine.jobs.enqueue(batch)));
    await all;
    await stop();
  });

  factAlone('a failed job is retried until it succeeds', {}, async (world) => {
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

  factAlone('a job that fails five times is parked, and the others run', {}, async (world) => {
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

  factAlone('a job can enqueue other jobs', {}, async (world) => {
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
    const worker = await world.engine.jobs.consume(jobClasses, {
      ...handleEveryJob(async () => {}),
      async settleAccount({ accountId }) {
        await world.engine.accounts.findMany([accountId]);
        settledAccounts.add(accountId);
      },
    });
    const subscription = await world.engine.events.consume('upkeep', async (batch) => {
      for (const event of batch) {
        if (event.type !== 'accountUpdated') continue;
        await world.engine.jobs.enqueue([{ name: 'settleAccount', accountId: event.accountId }]);
      }
    });
    const accountIds = await atOnce(20, async () => {
      const accountId = await newAccount(world);
      await world.engine.accounts.update(accountId, { displayName: 'New name' });
      return accountId;
    });
    await world.settled();
    expect(settledAccounts).toEqual(new Set(accountIds));
    await subscription[Symbol.asyncDispose]();
    await worker[Symbol.asyncDispose]();
  });

  factAlone('disposing waits for the running job', {}, async (world) => {
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

  factAlone('jobs wait for a worker', {}, async (world) => {
    const first = await work(world, []);
    await first.stop();
    const jobs = someJobs(world);
    await world.engine.jobs.enqueue(jobs);
    const { all, stop } = await work(world, jobs);
    await all;
    expect(first.done).toEqual([]);
    await stop();
  });

  factOverReopen('jobs survive the process', async (world, reopen) => {
    const jobs = [...someJobs(world), ...someJobs(world)];
    await world.engine.jobs.enqueue(jobs);
    const after = await reopen();
    const { all, stop } = await work(after, jobs);
    await all;
    await stop();
  });

  for (const held of jobClasses) {
    factAlone(`long jobs of the class ${held} do not delay those of other classes`, {}, async (world) => {
      const release = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const isHeld = (job: Job) => classOfJob(job) === held;
      const others = jobClasses.filter((each) => each !== held);
      const short = others.flatMap((each) => [aJobOf[each](world), aJobOf[each](world)]);
      const { done, all, stop } = await work(world, short, async (job) => {
        if (!isHeld(job)) return;
        begun.resolve();
        await release.promise;
      });
      const long = Array.from({ length: 8 }, () => aJobOf[held](world));
      await world.engine.jobs.enqueue(long);
      await begun.promise;
      // If these waited for the long ones, this would never resolve.
      await world.engine.jobs.enqueue(short);
      await all;
      expect(done.some(isHeld)).toBe(false);
      release.resolve();
      await world.settled();
      expect(new Set(done.map(keyOf))).toEqual(new Set([...short, ...long].map(keyOf)));
      await stop();
    });
  }

  factAlone('eight long jobs delay a step of fan-out by less than a second', {}, async (world) => {
    const release = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let pushed = Promise.withResolvers<void>();
    const subscription = await world.engine.jobs.consume(
      jobClasses,
      handleEveryJob(async (job) => {
        if (job.name === 'fanOutPost') return pushed.resolve();
        begun.resolve();
        await release.promise;
      }),
    );
    await world.engine.jobs.enqueue(Array.from({ length: 8 }, () => aSettleJob(world)));
    await begun.promise;
    const delays: number[] = [];
    for (let step = 0; step < 5; step++) {
      pushed = Promise.withResolvers();
      const startMs = performance.now();
      await world.engine.jobs.enqueue([aJobOf.fanOut(world)]);
      await pushed.promise;
      delays.push(performance.now() - startMs);
    }
    // The best of several, because a busy machine may delay a single one.
    expect(Math.min(...delays)).toBeLessThan(1_000);
    release.resolve();
    await subscription[Symbol.asyncDispose]();
  });

  factAlone('only jobs of consumed classes run', {}, async (world) => {
    const jobs = someJobs(world);
    const done: Job[] = [];
    await world.engine.jobs.enqueue(jobs);
    const subscription = await world.engine.jobs.consume(
      ['media'],
      handleEveryJob(async (job) => void done.push(job)),
    );
    await world.settled();
    const ofMedia = (each: Job) => classOfJob(each) === 'media';
    expect(new Set(done.map(keyOf))).toEqual(new Set(jobs.filter(ofMedia).map(keyOf)));
    await subscription[Symbol.asyncDispose]();
    const left = jobs.filter((each) => !ofMedia(each));
    const rest = await work(world, left);
    await rest.all;
    await world.settled();
    expect(rest.done).toHaveLength(left.length);
    await rest.stop();
  });

  factAlone(
    'a scheduled job never runs early, and jobs run in the order of their times',
    {},
    async (world) => {
      const [late, soon, now, past] = [
        aSettleJob(world),
        aSettleJob(world),
        aSettleJob(world),
        aSettleJob(world),
      ];
      const begunAt = new Map<string, number>();
      const { done, all, stop } = await work(world, [late, soon, now, past], async (job) => {
        begunAt.set(keyOf(job), Date.now());
      });
      const { jobs } = world.engine;
      await jobs.enqueue([now]);
      await jobs.enqueue([past], { runAt: Date.now() - hourMs });
      const soonAt = Date.now() + 150;
      const lateAt = soonAt + 150;
      await jobs.enqueue([late], { runAt: lateAt });
      await jobs.enqueue([soon], { runAt: soonAt });
      await all;
      expect(done.slice(2)).toEqual([soon, late]);
      expect(begunAt.get(keyOf(soon))).toBeGreaterThanOrEqual(soonAt);
      expect(begunAt.get(keyOf(late))).toBeGreaterThanOrEqual(lateAt);
      await stop();
    },
  );

  factAlone('settled does not wait for jobs that are not due', {}, async (world) => {
    const { done, stop } = await work(world, []);
    const due = aSettleJob(world);
    await world.engine.jobs.enqueue([aSettleJob(world)], { runAt: Date.now() + hourMs });
    await world.engine.jobs.enqueue([due]);
    await world.settled();
    expect(done).toEqual([due]);
    const states = await world.engine.queues.list();
    expect(states.find(({ queue }) => queue === 'jobs.reconcile')).toMatchObject({ waiting: 0 });
    await stop();
  });

  factAlone("jobs that failed wait for their backoff in nobody's way", {}, async (world) => {
    const bad = Array.from({ length: 20 }, () => aSettleJob(world));
    const isBad = (job: Job) => bad.some((each) => keyOf(each) === keyOf(job));
    const good = aSettleJob(world);
    let failures = 0;
    const { done, all, stop } = await work(world, [good], async (job) => {
      if (!isBad(job)) return;
      failures += 1;
      throw new Error('not now');
    });
    // More than run concurrently.
    await world.engine.jobs.enqueue(bad, { backoff: { firstMs: hourMs, maxMs: hourMs } });
    await world.engine.jobs.enqueue([good]);
    await all;
    await world.settled();
    expect(failures).toBe(bad.length);
    expect(done).toEqual([good]);
    expect(await parkedOf(world, 'reconcile')).toEqual([]);
    await stop();
  });

  factAlone(
    'a backoff doubles up to its longest; after five failures the job is parked',
    {},
    async (world) => {
      const job = aSettleJob(world);
      const startsAt: number[] = [];
      const { stop } = await work(world, [], async () => {
        startsAt.push(Date.now());
        throw new Error('this job is poison');
      });
      await world.engine.jobs.enqueue([job], { backoff: { firstMs: 20, maxMs: 70 } });
      await expect.poll(() => parkedOf(world, 'reconcile'), { timeout: 30_000 }).toHaveLength(1);
      const waits = startsAt.slice(1).map((at, index) => at - (startsAt[index] ?? 0));
      expect(waits).toHaveLength(4);
      for (const [index, leastMs] of [20, 40, 70, 70].entries())
        expect(waits[index]).toBeGreaterThanOrEqual(leastMs);
      expect(await parkedOf(world, 'reconcile')).toMatchObject([
        { queue: 'jobs.reconcile', payload: job, error: expect.stringContaining('poison') },
      ]);
      await stop();
    },
  );

  factOverReopen('jobs that are not due survive the process', async (world, reopen) => {
    const jobs = jobClasses.map((each) => aJobOf[each](world));
    const runAt = Date.now() + 300;
    await world.engine.jobs.enqueue(jobs, { runAt });
    const after = await reopen();
    let firstAt = Number.POSITIVE_INFINITY;
    const { all, stop } = await work(after, jobs, async () => {
      firstAt = Math.min(firstAt, Date.now());
    });
    await all;
    expect(firstAt).toBeGreaterThanOrEqual(runAt);
    await stop();
  });

  factOverReopen('failures and backoff are counted across processes', async (world, reopen) => {
    const job = aSettleJob(world);
    const failed = Promise.withResolvers<void>();
    let attempts = 0;
    const fail = async () => {
      attempts += 1;
      failed.resolve();
      throw new Error('this job is poison');
    };
    const first = await work(world, [], fail);
    const backoff = { firstMs: 500, maxMs: 500 };
    await world.engine.jobs.enqueue([job], { backoff });
    await failed.promise;
    await first.stop();
    const before = attempts;
    const after = await reopen();
    const next = await work(after, [], fail);
    await expect.poll(() => parkedOf(after, 'reconcile'), { timeout: 30_000 }).toHaveLength(1);
    expect(before).toBeLessThan(5);
    expect(attempts).toBe(5);
    await next.stop();
  });
};
