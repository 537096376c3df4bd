import type { PageBefore } from '@twite/core/keyset';
import type { RebuildTicket, TimelineCache, TimelineSlice } from '@twite/core/timelines/timeline-cache';
import { TimelineWindow } from './timeline-window.ts';

const TIMELINES_MAX = 5_000;

interface Timeline {
  /** Undefined while cold. */
  window: TimelineWindow | undefined;
  /** Pushes since the start of the first running rebuild. */
  pushed: TimelineWindow | undefined;
  /** The running rebuilds; the first to complete wins. */
  readonly nonces: Set<string>;
  /** The number of the last use after which it moved to the end of the order. */
  movedAt: number;
  /** The last slice that was read, until the window changes: home pages are mostly read repeatedly. */
  slice:
    | { readonly before: string | undefined; readonly limit: number; readonly of: TimelineSlice }
    | undefined;
}

/** The timelines of this process, at 8 bytes per id. Evicts the least recently read ones. */
export class MemoryTimelineCache implements TimelineCache {
  readonly #lengthMax: number;
  readonly #timelinesMax: number;
  /**
   * Roughly in the order of their last use. One that moves leaves a hole in the map, and moving it again walks over all
   * its holes: a timeline that is read all the time must not move each time.
   */
  readonly #timelines = new Map<string, Timeline>();
  #uses = 0;
  #lastNonce = 0;
  #hits = 0;
  #misses = 0;

  /** @param lengthMax ids in a window. @param timelinesMax timelines that are ready or being rebuilt. */
  constructor(lengthMax: number, timelinesMax: number = TIMELINES_MAX) {
    this.#lengthMax = lengthMax;
    this.#timelinesMax = timelinesMax;
  }

  /** The number of reads that found a timeline. */
  get hits(): number {
    return this.#hits;
  }

  /** The number of reads that found a cold timeline. */
  get misses(): number {
    return this.#misses;
  }

  get size(): number {
    return this.#timelines.size;
  }

  async read(accountId: string, { before, limit }: PageBefore): Promise<TimelineSlice | undefined> {
    const timeline = this.#timelines.get(accountId);
    if (timeline?.window === undefined) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    this.#use(accountId, timeline);
    const last = timeline.slice;
    if (last !== undefined && last.limit === limit && last.before === before) return last.of;
    const of = Object.freeze({
      postIds: Object.freeze(
        timeline.window.newest(before === undefined ? undefined : BigInt(before), limit),
      ),
      complete: timeline.window.complete,
    });
    timeline.slice = { before, limit, of };
    return of;
  }

  async isReady(accountId: string): Promise<boolean> {
    return this.#timelines.get(accountId)?.window !== undefined;
  }

  async push(postId: string, accountIds: readonly string[]): Promise<number> {
    const id = BigInt(postId);
    let reached = 0;
    for (const accountId of accountIds) {
      const timeline = this.#timelines.get(accountId);
      if (timeline === undefined) continue;
      reached += 1;
      timeline.pushed?.add(id);
      timeline.window?.add(id);
      timeline.slice = undefined;
    }
    return reached;
  }

  async beginRebuild(accountId: string): Promise<RebuildTicket> {
    const timeline = this.#timelines.get(accountId) ?? {
      window: undefined,
      pushed: undefined,
      nonces: new Set<string>(),
      movedAt: 0,
      slice: undefined,
    };
    timeline.pushed ??= new TimelineWindow(this.#lengthMax, [], true);
    this.#lastNonce += 1;
    const nonce = String(this.#lastNonce);
    timeline.nonces.add(nonce);
    this.#use(accountId, timeline);
    return { accountId, nonce };
  }

  async completeRebuild(
    { accountId, nonce }: RebuildTicket,
    postIds: readonly string[],
    complete: boolean,
  ): Promise<boolean> {
    const timeline = this.#timelines.get(accountId);
    if (timeline?.pushed === undefined || !timeline.nonces.has(nonce)) return false;
    const window = new TimelineWindow(this.#lengthMax, postIds.map(BigInt), complete);
    for (const id of timeline.pushed.ids()) window.add(id);
    timeline.window = window;
    timeline.pushed = undefined;
    timeline.nonces.clear();
    timeline.slice = undefined;
    this.#use(accountId, timeline);
    return true;
  }

  async merge(accountId: string, postIds: readonly string[], complete: boolean): Promise<boolean> {
    const window = this.#readyOrDropped(accountId);
    if (window === undefined) return false;
    const own = [...window.ids()].reverse();
    const added = postIds.map(BigInt);
    // Ids below these are missing.
    const floors = [...(window.complete ? [] : own.slice(-1)), ...(complete ? [] : added.slice(-1))];
    const ids = [...new Set([...own, ...added])]
      .filter((id) => floors.every((floor) => id >= floor))
      .sort((a, b) => (a < b ? 1 : -1));
    const merged = new TimelineWindow(this.#lengthMax, ids, floors.length === 0);
    this.#replace(accountId, merged);
    return true;
  }

  async remove(accountId: string, postIds: readonly string[]): Promise<boolean> {
    const window = this.#readyOrDropped(accountId);
    if (window === undefined) return false;
    const removed = new Set(postIds.map(BigInt));
    const kept = [...window.ids()].reverse().filter((id) => !removed.has(id));
    if (!window.complete && kept.length < this.#lengthMax / 2) {
      this.#timelines.delete(accountId);
      return false;
    }
    this.#replace(accountId, new TimelineWindow(this.#lengthMax, kept, window.complete));
    return true;
  }

  async drop(accountIds: readonly string[]): Promise<void> {
    for (const accountId of accountIds) this.#timelines.delete(accountId);
  }

  /** The window of a timeline that is ready and not being rebuilt. Drops any other timeline. */
  #readyOrDropped(accountId: string): TimelineWindow | undefined {
    const timeline = this.#timelines.get(accountId);
    if (timeline?.window !== undefined && timeline.nonces.size === 0) return timeline.window;
    this.#timelines.delete(accountId);
    return undefined;
  }

  #replace(accountId: string, window: TimelineWindow): void {
    const movedAt = this.#timelines.get(accountId)?.movedAt ?? this.#uses;
    const nonces = new Set<string>();
    this.#timelines.set(accountId, { window, pushed: undefined, nonces, movedAt, slice: undefined });
  }

  #use(accountId: string, timeline: Timeline): void {
    this.#uses += 1;
    if (this.#timelines.has(accountId)) {
      if (this.#uses - timeline.movedAt < this.#timelinesMax / 10) return;
      this.#timelines.delete(accountId);
    }
    timeline.movedAt = this.#uses;
    this.#timelines.set(accountId, timeline);
    if (this.#timelines.size <= this.#timelinesMax) return;
    for (const oldest of this.#timelines.keys()) {
      this.#timelines.delete(oldest);
      break;
    }
  }
}
