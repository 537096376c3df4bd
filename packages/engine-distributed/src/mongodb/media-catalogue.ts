import { randomBytes } from 'node:crypto';
import type {
  MediaCatalogue,
  MediaChanges,
  MediaRemoval,
  NewMedia,
  PublishedMedia,
} from '@twite/core/media/media-catalogue';
import {
  type MediaRecord,
  type MediaState,
  type MediaTarget,
  reservedMedia,
} from '@twite/core/media/media-record';
import { currentTrace } from '@twite/core/trace';
import type { Filter } from 'mongodb';
import { hit } from '../failpoints.ts';
import { changing, literals } from './change.ts';
import type { MediaDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import { type MediaFields, mediaFields, storedTarget, targetIdOf, toMediaRecord } from './media-fields.ts';
import type { MongoContext } from './mongo-context.ts';
import { bounded, findInChunks, inMax } from './reads.ts';

const targetIdsMax = 100;

const notRemoved: Filter<MediaDoc> = { state: { $ne: 'removed' } };
const published: Filter<MediaDoc> = { state: { $in: ['processing', 'ready'] } };

/** The states from which a medium can reach each published state. */
const statesBefore: Readonly<Record<PublishedMedia['state'], readonly MediaState[]>> = {
  processing: ['uploading'],
  ready: ['uploading', 'processing'],
  failed: ['processing'],
};

type Attachment = Parameters<MediaCatalogue['attach']>[1];

/**
 * Inserts are not events, and neither are updates that do not write `change`. Several media are attached one after the
 * other, in the order of their ids: when two posts want the same media, one gets all of its media. A crash in between
 * leaves attachments that expire.
 */
export class MongoMediaCatalogue implements MediaCatalogue {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  get #media() {
    return this.#context.collections.media;
  }

  async reserve({ mediaId, ...fields }: NewMedia): Promise<'reserved' | 'exists'> {
    const insert = this.#media.insertOne({
      _id: mediaId,
      ...fields,
      ...reservedMedia,
      trace: currentTrace(),
    });
    if (!(await insertedNew(insert))) return 'exists';
    hit('media.afterReserve');
    return 'reserved';
  }

  async addKeys(mediaId: string, keys: readonly string[]): Promise<boolean> {
    const { matchedCount } = await this.#media.updateOne(
      { _id: mediaId, ...notRemoved },
      { $addToSet: { keys: { $each: [...keys] } } },
    );
    if (matchedCount > 0) hit('media.afterAddKeys');
    return matchedCount > 0;
  }

  async publish(mediaId: string, fields: PublishedMedia): Promise<boolean> {
    const { matchedCount } = await this.#media.updateOne(
      { _id: mediaId, state: { $in: [...statesBefore[fields.state]] } },
      changing('mediaChanged', { set: fields }),
    );
    if (matchedCount > 0) hit('media.afterPublish');
    return matchedCount > 0;
  }

  async findMany(mediaIds: readonly string[]): Promise<ReadonlyMap<string, MediaRecord>> {
    const found = await this.#find(mediaIds, notRemoved);
    return new Map(found.map((document) => [document._id, toMediaRecord(document)]));
  }

  async attach(mediaIds: readonly string[], attachment: Attachment): Promise<readonly string[]> {
    const unattachable = await this.#findUnattachable(mediaIds, attachment);
    if (unattachable.length > 0) return unattachable;
    const attachId = randomBytes(12).toString('base64url');
    const attached: string[] = [];
    for (const mediaId of [...new Set(mediaIds)].sort()) {
      const outcome = await this.#attachOne(mediaId, attachId, attachment);
      if (outcome === 'refused') {
        hit('media.beforeRelease');
        await this.#release(attached, attachId);
        const now = await this.#findUnattachable(mediaIds, attachment);
        return mediaIds.filter((each) => each === mediaId || now.includes(each));
      }
      if (outcome === 'attached') attached.push(mediaId);
      hit('media.afterAttach');
    }
    return [];
  }

  async #findUnattachable(
    mediaIds: readonly string[],
    { ownerId, target }: Attachment,
  ): Promise<readonly string[]> {
    const found = await this.#find(mediaIds, { ownerId, ...published });
    const targetId = targetIdOf(target);
    const attachable = new Set(
      found
        .filter((document) => document.targetId === undefined || document.targetId === targetId)
        .map(({ _id }) => _id),
    );
    return mediaIds.filter((mediaId) => !attachable.has(mediaId));
  }

  async #attachOne(
    mediaId: string,
    attachId: string,
    { ownerId, target, expiresAt }: Attachment,
  ): Promise<'attached' | 'again' | 'refused'> {
    const own = { _id: mediaId, ownerId, ...published };
    const { matchedCount } = await this.#media.updateOne({ ...own, targetId: { $exists: false } }, [
      { $set: { unattachedExpiresAt: '$expiresAt' } },
      { $set: literals({ ...storedTarget(target), attachId, expiresAt }) },
    ]);
    if (matchedCount > 0) return 'attached';
    // A retry: the previous attempt, which may still be running, no longer takes anything back, and neither does this
    // one.
    const again = await this.#media.updateOne(
      { ...own, targetId: targetIdOf(target) },
      { $set: { expiresAt }, $unset: { attachId: '' } },
    );
    return again.matchedCount > 0 ? 'again' : 'refused';
  }

  /** Undoes one call of `attach`. */
  async #release(mediaIds: readonly string[], attachId: string): Promise<void> {
    if (mediaIds.length === 0) return;
    await this.#media.updateMany({ _id: { $in: [...mediaIds] }, attachId, expiresAt: { $exists: true } }, [
      { $set: { expiresAt: '$unattachedExpiresAt' } },
      { $unset: ['targetId', 'targetPostId', 'attachId', 'unattachedExpiresAt'] },
    ]);
  }

  async keep(mediaIds: readonly string[], target: MediaTarget): Promise<void> {
    if (mediaIds.length === 0) return;
    await this.#media.updateMany(
      {
        _id: { $in: [...mediaIds] },
        targetId: targetIdOf(target),
        ...notRemoved,
        expiresAt: { $exists: true },
      },
      { $unset: { expiresAt: '', attachId: '', unattachedExpiresAt: '' } },
    );
    hit('media.afterKeep');
  }

  async update(mediaId: string, { droppedKeys = [], ...changes }: MediaChanges): Promise<boolean> {
    const computed =
      droppedKeys.length === 0
        ? undefined
        : { keys: { $filter: { input: '$keys', cond: { $not: [{ $in: ['$$this', [...droppedKeys]] }] } } } };
    const newKeys = [...new Set(changes.variants?.map(({ key }) => key))];
    const { matchedCount } = await this.#media.updateOne(
      { _id: mediaId, ...published, ...(newKeys.length === 0 ? {} : { keys: { $all: newKeys } }) },
      changing('mediaChanged', { set: changes, ...(computed && { computed }) }),
    );
    if (matchedCount > 0) hit('media.afterUpdate');
    return matchedCount > 0;
  }

  async remove(mediaIds: readonly string[], { at, only }: MediaRemoval): Promise<number> {
    if (mediaIds.length === 0) return 0;
    const { matchedCount } = await this.#media.updateMany(
      { $and: [{ _id: { $in: [...mediaIds] } }, notRemoved, removable(only)] },
      changing('mediaChanged', { set: { state: 'removed', expiresAt: at } }),
    );
    if (matchedCount > 0) hit('media.afterRemove');
    return matchedCount;
  }

  async findRemoved(mediaIds: readonly string[]): Promise<readonly MediaRecord[]> {
    return (await this.#find(mediaIds, { state: 'removed' })).map(toMediaRecord);
  }

  async erase(mediaIds: readonly string[]): Promise<void> {
    if (mediaIds.length === 0) return;
    hit('media.beforeErase');
    await this.#media.deleteMany({ _id: { $in: [...mediaIds] }, state: 'removed' });
    hit('media.afterErase');
  }

  listByTarget(target: MediaTarget): Promise<readonly string[]> {
    return this.#listIds({ targetId: targetIdOf(target), ...notRemoved }, targetIdsMax);
  }

  listByPost(postId: string, limit: number): Promise<readonly string[]> {
    return this.#listIds({ targetPostId: postId, ...notRemoved }, limit);
  }

  listByOwner(
    ownerId: string,
    { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly string[]> {
    return this.#listIds({ ownerId, ...notRemoved, _id: { $gt: after } }, limit);
  }

  async listDue(before: number, limit: number): Promise<readonly MediaRecord[]> {
    if (limit <= 0) return [];
    const found = await this.#media
      .find<MediaFields>({ expiresAt: { $lte: before } }, { ...bounded, projection: mediaFields })
      .sort({ expiresAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(toMediaRecord);
  }

  async list({
    after = '',
    limit,
  }: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly MediaRecord[]> {
    if (limit <= 0) return [];
    const found = await this.#media
      .find<MediaFields>({ _id: { $gt: after } }, { ...bounded, projection: mediaFields })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(toMediaRecord);
  }

  async keysAmong(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await findInChunks(keys, (some) =>
      this.#media.find({ keys: { $in: some } }, { ...bounded, projection: { _id: 0, keys: 1 } }).toArray(),
    );
    const wanted = new Set(keys);
    return new Set(found.flatMap((document) => document.keys.filter((key) => wanted.has(key))));
  }

  async bytesOf(ownerId: string): Promise<number> {
    const [sum] = await this.#media
      .aggregate<{ bytes: number }>(
        [{ $match: { ownerId, ...notRemoved } }, { $group: { _id: null, bytes: { $sum: '$storedBytes' } } }],
        bounded,
      )
      .toArray();
    return sum?.bytes ?? 0;
  }

  #find(mediaIds: readonly string[], filter: Filter<MediaDoc>): Promise<MediaFields[]> {
    return findInChunks(mediaIds, (some) =>
      this.#media
        .find<MediaFields>(
          { $and: [{ _id: { $in: some } }, filter] },
          { ...bounded, projection: mediaFields },
        )
        .toArray(),
    );
  }

  async #listIds(filter: Filter<MediaDoc>, limit: number): Promise<readonly string[]> {
    if (limit <= 0) return [];
    const found = await this.#media
      .find(filter, { ...bounded, projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(Math.min(limit, inMax))
      .toArray();
    return found.map(({ _id }) => _id);
  }
}

function removable(only: MediaRemoval['only']): Filter<MediaDoc> {
  if (only === undefined) return {};
  if (only === 'unattached') return { targetId: { $exists: false } };
  if (only === 'kept') return { targetId: { $exists: true }, expiresAt: { $exists: false } };
  return { expiresAt: { $lte: only.expiredBefore } };
}
