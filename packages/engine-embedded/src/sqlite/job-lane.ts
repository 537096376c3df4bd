import type { JobClass } from '@twite/core/jobs/job-catalogue';
import type { Statements } from './statements.ts';

export interface JobRow {
  readonly jobId: number;
  readonly payload: string;
  readonly attempts: number;
  /** JSON; null if the catalogue decides. */
  readonly backoff: string | null;
  /** When it became eligible to start, in milliseconds; null if an older release wrote it. */
  readonly since: number | null;
  /** The traceparent of the work that enqueued it. */
  readonly trace: string | null;
}

const BATCH_MAX = 100;
const columns = 'job_id AS jobId, payload, attempts, backoff, coalesce(run_at, at) AS since, trace';

/**
 * The jobs of one class, in the order in which this process takes them from the database: first those that became due,
 * then those that may start at once in order of arrival. Returns each job once, until `release`.
 */
export class JobLane {
  readonly jobClass: JobClass;
  readonly #read: Pick<Statements, 'get' | 'all'>;
  /** Taken, or loaded with a time: their rows stay in the table until they are done. */
  readonly #taken = new Set<number>();
  #loaded: JobRow[] = [];
  #lastLoadedId = 0;
  /** The state of the table when nothing was left to load. While it is the same, there is nothing new. */
  #exhaustedAt = -1;
  #nextRunAt: number | null = null;

  constructor(jobClass: JobClass, read: Pick<Statements, 'get' | 'all'>) {
    this.jobClass = jobClass;
    this.#read = read;
  }

  /** The next job that may start. Undefined if there is none. `newestId`: the highest id that any job ever had. */
  next(newestId: number, nowMs: number): JobRow | undefined {
    if (!this.hasNext(newestId, nowMs)) return undefined;
    const row = this.#loaded.shift();
    if (row !== undefined) this.#taken.add(row.jobId);
    return row;
  }

  hasNext(newestId: number, nowMs: number): boolean {
    if (this.#loaded.length > 0) return true;
    const isDue = this.#nextRunAt !== null && this.#nextRunAt <= nowMs;
    if (this.#exhaustedAt === newestId && !isDue) return false;
    const due = this.#loadDue(nowMs);
    const atOnce = this.#read.all<JobRow>(
      `SELECT ${columns} FROM jobs WHERE class = ? AND run_at IS NULL AND job_id > ? ORDER BY job_id LIMIT ?`,
      this.jobClass,
      this.#lastLoadedId,
      BATCH_MAX,
    );
    this.#lastLoadedId = atOnce.at(-1)?.jobId ?? this.#lastLoadedId;
    this.#loaded = [...due, ...atOnce];
    if (this.#loaded.length > 0) return true;
    this.#exhaustedAt = newestId;
    this.#nextRunAt = this.#findNextRunAt(nowMs);
    return false;
  }

  /** When the next job becomes due, in milliseconds; null if none has a time. Known once nothing is left to load. */
  get nextRunAt(): number | null {
    return this.#nextRunAt;
  }

  /** Puts a job back at the front. */
  putBack(row: JobRow): void {
    this.#loaded.unshift(row);
  }

  /** Must be called once a job was done, parked or rescheduled, and that is written. */
  release(jobId: number): void {
    this.#taken.delete(jobId);
    this.#exhaustedAt = -1;
  }

  #loadDue(nowMs: number): JobRow[] {
    // Taken jobs are due as well: reads enough to see past them.
    const rows = this.#read.all<JobRow>(
      `SELECT ${columns} FROM jobs WHERE class = ? AND run_at <= ? ORDER BY run_at, job_id LIMIT ?`,
      this.jobClass,
      nowMs,
      this.#taken.size + BATCH_MAX,
    );
    const due = rows.filter(({ jobId }) => !this.#taken.has(jobId));
    for (const { jobId } of due) this.#taken.add(jobId);
    return due;
  }

  #findNextRunAt(nowMs: number): number | null {
    const found = this.#read.get<{ runAt: number | null }>(
      'SELECT min(run_at) AS runAt FROM jobs WHERE class = ? AND run_at > ?',
      this.jobClass,
      nowMs,
    );
    return found?.runAt ?? null;
  }
}
