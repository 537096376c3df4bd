import { randomUUID } from 'node:crypto';
import type { JobClass } from '@twite/core/jobs/job-catalogue';
import type { LeasedJob, Overdue, ScheduledJob, ScheduledJobs } from '../rabbitmq/scheduled.ts';
import type { Collections } from './databases.ts';
import type { ScheduledJobDoc } from './documents.ts';
import { bounded, chunksOf, inMax } from './reads.ts';

/** Far longer than it takes to publish one leased batch. */
const leaseMs = 30_000;

interface Context {
  readonly collections: Pick<Collections, 'scheduledJobs'>;
  wallNow(): number;
}

export class MongoScheduledJobs implements ScheduledJobs {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  async add(jobs: readonly ScheduledJob[]): Promise<void> {
    const { scheduledJobs } = this.#context.collections;
    for (const some of chunksOf(jobs, inMax)) {
      await scheduledJobs.insertMany(
        some.map(
          ({ runAt, traceparent, ...fields }): ScheduledJobDoc => ({
            _id: randomUUID(),
            ...fields,
            runAt,
            leaseAt: runAt,
            ...(traceparent === undefined ? {} : { traceparent }),
          }),
        ),
      );
    }
  }

  async lease(limit: number): Promise<readonly LeasedJob[]> {
    const { scheduledJobs } = this.#context.collections;
    const now = this.#context.wallNow();
    const due = await scheduledJobs
      .find({ leaseAt: { $lte: now } }, { ...bounded, projection: { _id: 1 } })
      .sort({ leaseAt: 1 })
      .limit(Math.min(limit, inMax))
      .toArray();
    if (due.length === 0) return [];
    const leaseId = randomUUID();
    const _id = { $in: due.map((doc) => doc._id) };
    // Another process may have leased some of them since.
    await scheduledJobs.updateMany(
      { _id, leaseAt: { $lte: now } },
      { $set: { leaseAt: now + leaseMs, leaseId } },
    );
    const leased = await scheduledJobs.find({ _id, leaseId }, bounded).sort({ runAt: 1 }).toArray();
    return leased.map(({ _id: scheduleId, jobClass, job, failures, backoff, runAt, traceparent }) => ({
      scheduleId,
      jobClass,
      job,
      failures,
      backoff,
      runAt,
      traceparent,
    }));
  }

  async remove(scheduleIds: readonly string[]): Promise<void> {
    for (const some of chunksOf(scheduleIds, inMax)) {
      await this.#context.collections.scheduledJobs.deleteMany({ _id: { $in: some } });
    }
  }

  async overdue(): Promise<ReadonlyMap<JobClass, Overdue>> {
    const found = await this.#context.collections.scheduledJobs
      .aggregate<Overdue & { _id: JobClass }>(
        [
          { $match: { leaseAt: { $lte: this.#context.wallNow() } } },
          { $group: { _id: '$jobClass', count: { $sum: 1 }, since: { $min: '$runAt' } } },
        ],
        bounded,
      )
      .toArray();
    return new Map(found.map(({ _id, count, since }) => [_id, { count, since }]));
  }

  async nextAt(): Promise<number | null> {
    const next = await this.#context.collections.scheduledJobs.findOne(
      {},
      { ...bounded, sort: { leaseAt: 1 }, projection: { leaseAt: 1 } },
    );
    return next?.leaseAt ?? null;
  }
}
