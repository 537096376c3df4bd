import type { JobClass } from '@twite/core/jobs/job-catalogue';
import type { Statements } from './statements.ts';

export interface JobRow {
  readonly jobId: number;
  readonly payload: string;
  readonly attempts: number;
  /** JSON; null when the catalogue decides. */
  readonly backoff: string | null;
  /** Since when it may begin, in milliseconds; null of an older release. */
  readonly since: number | null;
  /** The traceparent of what enqueued it. */
  readonly trace: string | null;
}

const BATCH_MAX = 100;
const columns = 'job_id AS jobId, payload, attempts, backoff, coalesce(run_at, at) AS since, trace';

/**
 * The jobs of one class, as this process takes them from the database: those that became due by their time first, then
 * those that may begin at once, in the order in which they came. It gives out each job once, until `release`.
 */
export class JobLane {
  readonly jobClass: JobClass;
  readonly #read: Pick<Statements, 'get' | 'all'>;
  /** Given out, or loaded with a time: their rows stay in the table until they are done. */
  readonly #taken = new Set<number>();
  #loaded: JobRow[] = [];
  #lastLoadedId = 0;
  /** What the table was like when there was nothing to load; the same again means nothing new. */
  #exhaustedAt = -1;
  #nextRunAt: number | null = null;

  constructor(jobClass: JobClass, read: Pick<Statements, 'get' | 'all'>) {
    this.jobClass = jobClass;
    this.#read = read;
  }

  /** The next that may begin; undefined when there is none. `newestId`: the highest that any job ever had. */
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

  /** When the next becomes due, in milliseconds; null when none has a time. Known once nothing is left to load. */
  get nextRunAt(): number | null {
    return this.#nextRunAt;
  }

  /** Puts a job in front again. */
  putBack(row: JobRow): void {
    this.#loaded.unshift(row);
  }

  /** To be called when a job was done, parked or given another time, and that is written. */
  release(jobId: number): void {
    this.#taken.delete(jobId);
    this.#exhaustedAt = -1;
  }

  #loadDue(nowMs: number): JobRow[] {
    // Those that are taken are due as well: enough is read to see past them.
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
