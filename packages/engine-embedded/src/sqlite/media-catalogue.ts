import type {
  MediaCatalogue,
  MediaChanges,
  MediaRemoval,
  NewMedia,
  PublishedMedia,
} from '@twite/core/media/media-catalogue';
import type { MediaRecord, MediaTarget } from '@twite/core/media/media-record';
import { type MediaRow, mediaColumns, targetColumns, toMediaRecord } from './media-rows.ts';
import type { Store } from './store.ts';

const TARGET_MAX = 100;

interface IdRow {
  readonly mediaId: string;
}

export class SqliteMediaCatalogue implements MediaCatalogue {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  reserve(media: NewMedia): Promise<'reserved' | 'exists'> {
    return this.#store.writer.run('reserveMedia', media);
  }

  addKeys(mediaId: string, keys: readonly string[]): Promise<boolean> {
    return this.#store.writer.run('addMediaKeys', { mediaId, keys });
  }

  publish(mediaId: string, published: PublishedMedia): Promise<boolean> {
    return this.#store.writer.run('publishMedia', { mediaId, published });
  }

  async findMany(mediaIds: readonly string[]): Promise<ReadonlyMap<string, MediaRecord>> {
    if (mediaIds.length === 0) return new Map();
    const records = this.#records(
      `SELECT ${mediaColumns} FROM media
       WHERE media_id IN (SELECT value FROM json_each(?)) AND state <> 'removed'`,
      JSON.stringify(mediaIds),
    );
    return new Map(records.map((record) => [record.mediaId, record]));
  }

  attach(
    mediaIds: readonly string[],
    attachment: { readonly ownerId: string; readonly target: MediaTarget; readonly expiresAt: number },
  ): Promise<readonly string[]> {
    return this.#store.writer.run('attachMedia', { mediaIds, ...attachment });
  }

  keep(mediaIds: readonly string[], target: MediaTarget): Promise<void> {
    return this.#store.writer.run('keepMedia', { mediaIds, target });
  }

  update(mediaId: string, changes: MediaChanges): Promise<boolean> {
    return this.#store.writer.run('updateMedia', { mediaId, changes });
  }

  remove(mediaIds: readonly string[], removal: MediaRemoval): Promise<number> {
    return this.#store.writer.run('removeMedia', { mediaIds, ...removal });
  }

  async findRemoved(mediaIds: readonly string[]): Promise<readonly MediaRecord[]> {
    if (mediaIds.length === 0) return [];
    return this.#records(
      `SELECT ${mediaColumns} FROM media
       WHERE media_id IN (SELECT value FROM json_each(?)) AND state = 'removed'`,
      JSON.stringify(mediaIds),
    );
  }

  erase(mediaIds: readonly string[]): Promise<void> {
    return this.#store.writer.run('eraseMedia', { mediaIds });
  }

  async listByTarget(target: MediaTarget): Promise<readonly string[]> {
    const { targetKind, targetId, targetPostId } = targetColumns(target);
    return this.#store.read
      .all<IdRow>(
        `SELECT media_id AS mediaId FROM media INDEXED BY media_by_target
         WHERE target_id = ? AND target_kind = ? AND target_post_id IS ? AND state <> 'removed' LIMIT ${TARGET_MAX}`,
        targetId,
        targetKind,
        targetPostId,
      )
      .map(({ mediaId }) => mediaId);
  }

  async listByPost(postId: string, limit: number): Promise<readonly string[]> {
    return this.#store.read
      .all<IdRow>(
        `SELECT media_id AS mediaId FROM media INDEXED BY media_by_post
         WHERE target_post_id = ? AND state <> 'removed' LIMIT ?`,
        postId,
        limit,
      )
      .map(({ mediaId }) => mediaId);
  }

  async listByOwner(
    ownerId: string,
    { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly string[]> {
    return this.#store.read
      .all<IdRow>(
        `SELECT media_id AS mediaId FROM media INDEXED BY media_by_owner
         WHERE owner_id = ? AND media_id > ? AND state <> 'removed' ORDER BY media_id LIMIT ?`,
        ownerId,
        after,
        limit,
      )
      .map(({ mediaId }) => mediaId);
  }

  async listDue(before: number, limit: number): Promise<readonly MediaRecord[]> {
    return this.#records(
      `SELECT ${mediaColumns} FROM media INDEXED BY media_by_expiry
       WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`,
      before,
      limit,
    );
  }

  async list({
    after = '',
    limit,
  }: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly MediaRecord[]> {
    return this.#records(
      `SELECT ${mediaColumns} FROM media WHERE media_id > ? ORDER BY media_id LIMIT ?`,
      after,
      limit,
    );
  }

  async keysAmong(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const rows = this.#store.read.all<{ key: string }>(
      'SELECT key FROM media_keys WHERE key IN (SELECT value FROM json_each(?))',
      JSON.stringify(keys),
    );
    return new Set(rows.map(({ key }) => key));
  }

  async bytesOf(ownerId: string): Promise<number> {
    const row = this.#store.read.get<{ bytes: number }>(
      `SELECT coalesce(sum(stored_bytes), 0) AS bytes FROM media INDEXED BY media_by_owner
       WHERE owner_id = ? AND state <> 'removed'`,
      ownerId,
    );
    return row?.bytes ?? 0;
  }

  #records(sql: string, ...values: (string | number)[]): MediaRecord[] {
    return this.#store.read.all<MediaRow>(sql, ...values).map((row) => toMediaRecord({ ...row }));
  }
}
