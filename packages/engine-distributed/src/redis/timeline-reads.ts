import type { TimelineSlice } from '@twite/core/timelines/timeline-cache';
import type { RedisConnection } from './connection.ts';
import { timelineKey } from './keys.ts';
import type { Script } from './scripts.ts';

export interface TimelineReadsOptions {
  readonly namespace: string;
  readonly connection: RedisConnection;
  /** `readScript` of timeline-scripts.ts. */
  readonly script: Script;
  readonly lengthMax: number;
}

/** One requested slice. */
export interface SliceAsked {
  readonly accountId: string;
  /** Empty: from the newest. */
  readonly before: string;
  readonly limit: number;
  /** How long to keep the timeline from now on, in milliseconds; 0: leaves its expiry unchanged. */
  readonly keepMs: number;
}

interface Waiting extends SliceAsked {
  readonly resolve: (slice: TimelineSlice | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const ID_DIGITS = 19;
/** Longer calls would delay other clients. */
const READS_MAX = 32;

/**
 * Reads slices of timelines. Requests of one turn of the event loop are read in one call: under load a server requests
 * several at once, and the overhead of a call costs both sides more than the read in it.
 */
export function readTimelines(
  options: TimelineReadsOptions,
): (asked: SliceAsked) => Promise<TimelineSlice | undefined> {
  const { namespace, connection, script, lengthMax } = options;
  let waiting: Waiting[] = [];

  async function ask(reads: readonly Waiting[]): Promise<void> {
    try {
      const known = connection.epoch();
      const epoch = typeof known === 'string' ? known : await known;
      const args: (string | number)[] = [epoch, lengthMax];
      for (const { before, limit, keepMs } of reads) args.push(before, limit, keepMs);
      const keys = reads.map(({ accountId }) => timelineKey(namespace, accountId));
      const replies = (await script(keys, args)) as (string | null)[];
      for (let index = 0; index < reads.length; index += 1) {
        reads[index]?.resolve(sliceOf(replies[index] ?? null));
      }
    } catch (error) {
      for (const { reject } of reads) reject(error);
    }
  }

  function askAll(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += READS_MAX) void ask(all.slice(from, from + READS_MAX));
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askAll);
      waiting.push({ ...asked, resolve, reject });
    });
}

/** Parses a 1 or 0, whether the slice is of a complete timeline, and its ids. */
function sliceOf(text: string | null): TimelineSlice | undefined {
  if (text === null) return undefined;
  const postIds: string[] = [];
  for (let at = 1; at < text.length; at += ID_DIGITS) postIds.push(text.slice(at, at + ID_DIGITS));
  return { postIds, complete: text.startsWith('1') };
}
