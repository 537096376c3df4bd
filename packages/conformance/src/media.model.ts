import type { MediaChanges, MediaRemoval, NewMedia, PublishedMedia } from '@twite/core/media/media-catalogue';
import { type MediaRecord, type MediaTarget, reservedMedia } from '@twite/core/media/media-record';

export const isSameTarget = (one: MediaTarget | null, other: MediaTarget): boolean =>
  one !== null && JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** The guarantees of a catalogue in the simplest implementation. */
export class MediaModel {
  readonly records = new Map<string, MediaRecord>();

  #change(mediaId: string, changes: Partial<MediaRecord>): void {
    const record = this.records.get(mediaId);
    if (record) this.records.set(mediaId, { ...record, ...changes });
  }

  #seen(mediaId: string): MediaRecord | undefined {
    const record = this.records.get(mediaId);
    return record?.state === 'removed' ? undefined : record;
  }

  seen(): MediaRecord[] {
    return [...this.records.values()].filter(({ state }) => state !== 'removed');
  }

  reserve(media: NewMedia): 'reserved' | 'exists' {
    if (this.records.has(media.mediaId)) return 'exists';
    this.records.set(media.mediaId, { ...media, ...reservedMedia, target: null });
    return 'reserved';
  }

  addKeys(mediaId: string, keys: readonly string[]): boolean {
    const record = this.#seen(mediaId);
    if (record) this.#change(mediaId, { keys: [...new Set([...record.keys, ...keys])] });
    return record !== undefined;
  }

  publish(mediaId: string, published: PublishedMedia): boolean {
    const record = this.#seen(mediaId);
    const to = { uploading: ['processing', 'ready'], processing: ['ready', 'failed'] } as const;
    const allowed: readonly string[] =
      record?.state === 'uploading' || record?.state === 'processing' ? to[record.state] : [];
    if (!record || !allowed.includes(published.state)) return false;
    this.#change(mediaId, { ...published, rev: record.rev + 1 });
    return true;
  }

  attach(
    mediaIds: readonly string[],
    { ownerId, target, expiresAt }: { ownerId: string; target: MediaTarget; expiresAt: number },
  ): string[] {
    const refused = mediaIds.filter((mediaId) => {
      const record = this.#seen(mediaId);
      return !(
        record?.ownerId === ownerId &&
        (record.state === 'processing' || record.state === 'ready') &&
        (record.target === null || isSameTarget(record.target, target))
      );
    });
    if (refused.length === 0) for (const mediaId of mediaIds) this.#change(mediaId, { target, expiresAt });
    return refused;
  }

  keep(mediaIds: readonly string[], target: MediaTarget): void {
    for (const mediaId of mediaIds) {
      const record = this.#seen(mediaId);
      if (record && isSameTarget(record.target, target)) this.#change(mediaId, { expiresAt: null });
    }
  }

  update(mediaId: string, { droppedKeys = [], ...changes }: MediaChanges): boolean {
    const record = this.#seen(mediaId);
    if (record?.state !== 'processing' && record?.state !== 'ready') return false;
    if (changes.variants?.some(({ key }) => !record.keys.includes(key))) return false;
    const keys = record.keys.filter((key) => !droppedKeys.includes(key));
    this.#change(mediaId, { ...changes, keys, rev: record.rev + 1 });
    return true;
  }

  remove(mediaIds: readonly string[], { at, only }: MediaRemoval): number {
    const removed = mediaIds.filter((mediaId) => {
      const record = this.#seen(mediaId);
      if (!record) return false;
      const { target, expiresAt } = record;
      if (only === undefined) return true;
      if (only === 'unattached') return target === null;
      if (only === 'kept') return target !== null && expiresAt === null;
      return expiresAt !== null && expiresAt <= only.expiredBefore;
    });
    for (const mediaId of removed) this.#change(mediaId, { state: 'removed', expiresAt: at });
    return removed.length;
  }

  erase(mediaIds: readonly string[]): void {
    for (const mediaId of mediaIds) {
      if (this.records.get(mediaId)?.state === 'removed') this.records.delete(mediaId);
    }
  }
}
