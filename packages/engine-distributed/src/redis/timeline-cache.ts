import { randomBytes } from 'node:crypto';
import type { PageBefore } from '@twite/core/keyset';
import type { RebuildTicket, TimelineCache, TimelineSlice } from '@twite/core/timelines/timeline-cache';
import { LRUCache } from 'lru-cache';
import { hit } from '../failpoints.ts';
import type { RedisConnection } from './connection.ts';
import { timelineKey } from './keys.ts';
import { defineScript, type Script } from './scripts.ts';
import { readTimelines } from './timeline-reads.ts';
import {
  beginRebuildScript,
  completeRebuildScript,
  mergeNonce,
  pushScript,
  readScript,
  removeScript,
} from './timeline-scripts.ts';

export interface RedisTimelineOptions {
  readonly namespace: string;
  /** The number of ids in a window. */
  readonly timelineLength: number;
}

const DAY_MS = 86_400_000;
/** Timelines that nobody read for this long expire. */
const READY_MS = 30 * DAY_MS;
const REBUILD_MS = 60_000;
// Extending the expiry of a timeline is a write: done once a day for those that this process reads.
const REFRESH_MS = DAY_MS;
const REFRESHED_MAX = 50_000;
/** Longer calls would delay other clients. */
const PUSH_CHUNK = 500;

/**
 * Timelines in Redis, one list each, about 10 bytes per id (see timeline-scripts.ts). They belong to one epoch of the
 * server: after a restart or a failover, the last pushes may be missing, so every timeline counts as cold.
 */
export class RedisTimelineCache implements TimelineCache {
  readonly #connection: RedisConnection;
  readonly #namespace: string;
  readonly #lengthMax: number;
  readonly #push: Script;
  readonly #read: ReturnType<typeof readTimelines>;
  readonly #begin: Script;
  readonly #complete: Script;
  readonly #remove: Script;
  /** When this process last extended the expiry of a timeline. */
  readonly #refreshedAt = new LRUCache<string, number>({ max: REFRESHED_MAX });

  constructor(connection: RedisConnection, { namespace, timelineLength }: RedisTimelineOptions) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#lengthMax = timelineLength;
    const { client } = connection;
    this.#push = defineScript(client, 'twitePush', pushScript);
    this.#read = readTimelines({
      namespace,
      connection,
      script: defineScript(client, 'twiteReadTimelines', readScript),
      lengthMax: timelineLength,
    });
    this.#begin = defineScript(client, 'twiteBeginRebuild', beginRebuildScript);
    this.#complete = defineScript(client, 'twiteCompleteRebuild', completeRebuildScript);
    this.#remove = defineScript(client, 'twiteRemove', removeScript);
  }

  read(accountId: string, { before = '', limit }: PageBefore): Promise<TimelineSlice | undefined> {
    return this.#read({ accountId, before, limit, keepMs: this.#isRefreshDue(accountId) ? READY_MS : 0 });
  }

  async isReady(accountId: string): Promise<boolean> {
    const epoch = await this.#connection.epoch();
    const marker = await this.#connection.client.lindex(timelineKey(this.#namespace, accountId), -1);
    return marker === `c${epoch}` || marker === `w${epoch}`;
  }

  async push(postId: string, accountIds: readonly string[]): Promise<number> {
    if (accountIds.length === 0) return 0;
    const epoch = await this.#connection.epoch();
    const args = [postId, epoch, this.#lengthMax];
    hit('timelines.beforePush');
    let reached = 0;
    for (let from = 0; from < accountIds.length; from += PUSH_CHUNK) {
      const keys = this.#keys(accountIds.slice(from, from + PUSH_CHUNK));
      reached += (await this.#push(keys, args)) as number;
    }
    hit('timelines.afterPush');
    return reached;
  }

  async beginRebuild(accountId: string): Promise<RebuildTicket> {
    const epoch = await this.#connection.epoch();
    const nonce = await this.#begin(
      [timelineKey(this.#namespace, accountId)],
      [randomBytes(9).toString('base64url'), epoch, REBUILD_MS],
    );
    return { accountId, nonce: `${epoch}:${nonce as string}` };
  }

  async completeRebuild(
    { accountId, nonce }: RebuildTicket,
    postIds: readonly string[],
    complete: boolean,
  ): Promise<boolean> {
    const epoch = await this.#connection.epoch();
    const separator = nonce.indexOf(':');
    if (nonce.slice(0, separator) !== epoch) return false;
    return this.#merged(accountId, { nonce: nonce.slice(separator + 1), epoch, postIds, complete });
  }

  async merge(accountId: string, postIds: readonly string[], complete: boolean): Promise<boolean> {
    const epoch = await this.#connection.epoch();
    return this.#merged(accountId, { nonce: mergeNonce, epoch, postIds, complete });
  }

  async remove(accountId: string, postIds: readonly string[]): Promise<boolean> {
    const epoch = await this.#connection.epoch();
    const args = [epoch, this.#lengthMax, READY_MS, ...postIds];
    return (await this.#remove([timelineKey(this.#namespace, accountId)], args)) === 1;
  }

  async #merged(
    accountId: string,
    {
      nonce,
      epoch,
      postIds,
      complete,
    }: {
      readonly nonce: string;
      readonly epoch: string;
      readonly postIds: readonly string[];
      readonly complete: boolean;
    },
  ): Promise<boolean> {
    const done = await this.#complete(
      [timelineKey(this.#namespace, accountId)],
      [
        nonce,
        epoch,
        this.#lengthMax,
        complete ? 1 : 0,
        READY_MS,
        // One more than fits shows that the list was cut.
        ...postIds.slice(0, this.#lengthMax + 1),
      ],
    );
    return done === 1;
  }

  async drop(accountIds: readonly string[]): Promise<void> {
    if (accountIds.length === 0) return;
    await this.#connection.epoch();
    for (let from = 0; from < accountIds.length; from += PUSH_CHUNK) {
      await this.#connection.client.unlink(...this.#keys(accountIds.slice(from, from + PUSH_CHUNK)));
    }
  }

  #keys(accountIds: readonly string[]): string[] {
    return accountIds.map((accountId) => timelineKey(this.#namespace, accountId));
  }

  #isRefreshDue(accountId: string): boolean {
    const now = Date.now();
    const refreshedAt = this.#refreshedAt.get(accountId);
    if (refreshedAt !== undefined && now - refreshedAt < REFRESH_MS) return false;
    this.#refreshedAt.set(accountId, now);
    return true;
  }
}
