import { createHash, randomInt } from 'node:crypto';
import { firstIdAt } from '@twite/core/ids/ids';
import type { ParkedMessage, ParkedSelection } from '@twite/core/queues/work-queues';
import type { ParkedMessages } from '../rabbitmq/parked.ts';
import type { Collections } from './databases.ts';
import { insertedNew } from './errors.ts';
import { bounded, chunksOf, inMax } from './reads.ts';

/** Messages that consumers gave up on, until an administrator replays or drops them. */
export class MongoParkedMessages implements ParkedMessages {
  readonly #context: { readonly collections: Pick<Collections, 'parkedMessages'>; wallNow(): number };

  constructor(context: { readonly collections: Pick<Collections, 'parkedMessages'>; wallNow(): number }) {
    this.#context = context;
  }

  async park({ queue, payload, error }: Parameters<ParkedMessages['park']>[0]): Promise<void> {
    const parkedAt = this.#context.wallNow();
    // Another message of the same millisecond may have the same random id: try once more.
    for (;;) {
      const _id = messageIdAt(parkedAt);
      const insert = this.#context.collections.parkedMessages.insertOne({
        _id,
        queue,
        payload,
        error,
        parkedAt,
      });
      if (await insertedNew(insert)) return;
    }
  }

  /**
   * Parks a message that may come again with the same key and time, once. Returns whether it was new. Durable on a
   * majority when it resolves.
   */
  async parkOnce(
    { queue, payload, error }: { queue: string; payload: { unreadable: string }; error: string },
    { at, key }: { readonly at: number; readonly key: string },
  ): Promise<boolean> {
    const { parkedMessages } = this.#context.collections;
    const hash = createHash('sha256').update(`${key} ${payload.unreadable}`).digest();
    const first = BigInt(firstIdAt(at)) + BigInt(hash.readUInt32BE() % 2 ** 22);
    for (let id = first; ; id += 1n) {
      const _id = textOf(id);
      const doc = { _id, queue, payload, error, parkedAt: this.#context.wallNow() };
      if (await insertedNew(parkedMessages.insertOne(doc))) return true;
      const other = await parkedMessages.findOne({ _id }, bounded);
      // Another message may have the same random number.
      const isSame =
        other?.queue === queue &&
        'unreadable' in other.payload &&
        other.payload.unreadable === payload.unreadable;
      if (isSame) return false;
    }
  }

  async find(
    queue: string,
    which: ParkedSelection,
    limit: number,
    after = '',
  ): Promise<readonly ParkedMessage[]> {
    const found = await this.#context.collections.parkedMessages
      .find({ queue, _id: which === 'all' ? { $gt: after } : { $gt: after, $in: [...which] } }, bounded)
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, ...fields }) => ({ messageId: _id, ...fields }));
  }

  async remove(queue: string, which: ParkedSelection): Promise<number> {
    const { parkedMessages } = this.#context.collections;
    if (which === 'all') return (await parkedMessages.deleteMany({ queue })).deletedCount;
    let removed = 0;
    for (const some of chunksOf(which, inMax)) {
      removed += (await parkedMessages.deleteMany({ queue, _id: { $in: some } })).deletedCount;
    }
    return removed;
  }

  async count(): Promise<ReadonlyMap<string, number>> {
    const counts = await this.#context.collections.parkedMessages
      .aggregate<{ _id: string; parked: number }>(
        [{ $group: { _id: '$queue', parked: { $sum: 1 } } }],
        bounded,
      )
      .toArray();
    return new Map(counts.map(({ _id, parked }) => [_id, parked]));
  }
}

/** Sorts by time and has the format of other ids; the bits of machine and sequence are random. */
export const messageIdAt = (ms: number): string => textOf(BigInt(firstIdAt(ms)) + BigInt(randomInt(2 ** 22)));

const textOf = (id: bigint): string => id.toString().padStart(19, '0');
