import { type Job, type JobName, jobCatalogue } from './job-catalogue.ts';
import type { JobHandlers } from './job-queue.ts';

export const jobNames = Object.keys(jobCatalogue) as JobName[];

/** One handler for jobs of every name, for tests and tools. */
export const handleEveryJob = (handle: (job: Job) => Promise<void>): JobHandlers =>
  Object.fromEntries(jobNames.map((name) => [name, handle])) as unknown as JobHandlers;
