import type { MediaSnapshot } from '@twite/core/media/media-record';

/** The stored form of snapshots; null for none. */
export const mediaJson = (media: readonly MediaSnapshot[]): string | null =>
  media.length === 0 ? null : JSON.stringify(media);

export const idsJson = (media: readonly MediaSnapshot[]): string =>
  JSON.stringify(media.map(({ mediaId }) => mediaId));

/** Whether a row's media include all of the ids in a JSON array. */
export const hasMedia = `NOT EXISTS (
  SELECT 1 FROM json_each(?) AS wanted
  WHERE wanted.value NOT IN (SELECT kept.value ->> 'mediaId' FROM json_each(coalesce(media, '[]')) AS kept)
)`;

/** Deep-freezes a value parsed from JSON. */
export function freezeAll<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const each of Object.values(value)) freezeAll(each);
  return Object.freeze(value);
}

const noMedia: readonly MediaSnapshot[] = Object.freeze([]);

export const parseMedia = (json: string | null): readonly MediaSnapshot[] =>
  json === null ? noMedia : freezeAll(JSON.parse(json) as MediaSnapshot[]);

export const parseSnapshot = (json: string | null): MediaSnapshot | null =>
  json === null ? null : freezeAll(JSON.parse(json) as MediaSnapshot);
