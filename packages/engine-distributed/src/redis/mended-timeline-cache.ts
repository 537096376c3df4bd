import type { PageBefore } from '@twite/core/keyset';
import type { RebuildTicket, TimelineCache, TimelineSlice } from '@twite/core/timelines/timeline-cache';
import { withoutTrace } from '@twite/core/trace';
import { Unavailable } from '@twite/core/unavailable';

const RETRY_MS = 250;
const DROPPED_AT_ONCE = 1_000;
/** Beyond this, the oldest are left to consumers, which receive the same changes as events. */
const MISSED_MAX = 100_000;

/**
 * Repairs timelines that missed a change while Redis was unavailable. After a pause or a network failure, Redis still
 * has timelines that look complete but lack pushes or removals. Changes to many timelines come from consumers, which
 * retry. A change to one timeline comes from a use case whose caller reads it next: that timeline is dropped before
 * this process reads it, and for other processes as soon as Redis answers.
 */
export class MendedTimelineCache implements TimelineCache, AsyncDisposable {
  readonly #inner: TimelineCache;
  /** The owners of timelines that missed a change, each with a token of the last miss. */
  readonly #missed = new Map<string, symbol>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #hits = 0;
  #misses = 0;

  /** `inner` throws `Unavailable` when Redis is unavailable. */
  constructor(inner: TimelineCache) {
    this.#inner = inner;
  }

  /** The number of reads that found a timeline. */
  get hits(): number {
    return this.#hits;
  }

  /** The number of reads that found a cold timeline. */
  get misses(): number {
    return this.#misses;
  }

  async read(accountId: string, page: PageBefore): Promise<TimelineSlice | undefined> {
    if (this.#missed.has(accountId)) await this.#mend([accountId]);
    const slice = await this.#inner.read(accountId, page);
    if (slice === undefined) this.#misses += 1;
    else this.#hits += 1;
    return slice;
  }

  async isReady(accountId: string): Promise<boolean> {
    if (this.#missed.has(accountId)) await this.#mend([accountId]);
    return this.#inner.isReady(accountId);
  }

  push(postId: string, accountIds: readonly string[]): Promise<number> {
    return this.#orMissed(accountIds, this.#inner.push(postId, accountIds));
  }

  beginRebuild(accountId: string): Promise<RebuildTicket> {
    return this.#inner.beginRebuild(accountId);
  }

  completeRebuild(ticket: RebuildTicket, postIds: readonly string[], complete: boolean): Promise<boolean> {
    return this.#inner.completeRebuild(ticket, postIds, complete);
  }

  merge(accountId: string, postIds: readonly string[], complete: boolean): Promise<boolean> {
    return this.#orMissed([accountId], this.#inner.merge(accountId, postIds, complete));
  }

  remove(accountId: string, postIds: readonly string[]): Promise<boolean> {
    return this.#orMissed([accountId], this.#inner.remove(accountId, postIds));
  }

  drop(accountIds: readonly string[]): Promise<void> {
    return this.#orMissed(accountIds, this.#inner.drop(accountIds));
  }

  async #orMissed<T>(accountIds: readonly string[], done: Promise<T>): Promise<T> {
    try {
      return await done;
    } catch (error) {
      const [accountId, ...others] = accountIds;
      if (error instanceof Unavailable && accountId !== undefined && others.length === 0) {
        this.#miss(accountId);
      }
      throw error;
    }
  }

  #miss(accountId: string): void {
    this.#missed.delete(accountId);
    this.#missed.set(accountId, Symbol());
    if (this.#missed.size > MISSED_MAX) {
      const [oldest] = this.#missed.keys();
      this.#missed.delete(oldest as string);
    }
    this.#mendSoon();
  }

  #mendSoon(): void {
    if (this.#isClosed || this.#missed.size === 0) return;
    this.#timer ??= withoutTrace(() =>
      setTimeout(() => {
        const some = [...this.#missed.keys()].slice(0, DROPPED_AT_ONCE);
        this.#mend(some)
          .catch(() => {})
          .finally(() => {
            this.#timer = undefined;
            this.#mendSoon();
          });
      }, RETRY_MS).unref(),
    );
  }

  async #mend(accountIds: readonly string[]): Promise<void> {
    const missed = accountIds.map((accountId) => this.#missed.get(accountId));
    await this.#inner.drop(accountIds);
    for (const [index, accountId] of accountIds.entries()) {
      // It may have missed another change meanwhile.
      if (this.#missed.get(accountId) === missed[index]) this.#missed.delete(accountId);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
