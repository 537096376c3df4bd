import type { Avatar, Media } from '@twite/contract';
import type { MediaObject, MediaRecord, MediaSnapshot } from './media-record.ts';

/** The absolute URL of an object's key. */
export type MediaUrl = (key: string) => string;

/** Builds URLs under a base such as `https://cdn.example`, without a trailing slash. */
export const mediaUrlFrom =
  (base: string): MediaUrl =>
  (key) =>
    `${base}/${key}`;

/** The part of a record that posts, replies and accounts store. Undefined until it is published. */
export function snapshotOf(record: MediaRecord): MediaSnapshot | undefined {
  const { mediaId, kind, state, main, width, height, durationMs, altText, focus, thumbhash, variants } =
    record;
  if (state === 'uploading' || state === 'removed') return undefined;
  return { mediaId, kind, state, main, width, height, durationMs, altText, focus, thumbhash, variants };
}

export const isSquare = ({ name }: { readonly name: string }): boolean => name.startsWith('square');

/** An avatar is embedded in everything that its account wrote, so it holds only what is shown. */
export const avatarSnapshotOf = (media: MediaSnapshot): MediaSnapshot => {
  const variants = media.variants.filter(isSquare);
  return { ...media, main: variants.find(({ name }) => name === 'square400') ?? null, variants };
};

/** A medium as shown to clients. */
export function presentMedia(mediaUrl: MediaUrl, media: MediaSnapshot): Media {
  const { mediaId, kind, state, main, width, height, durationMs, altText, focus, thumbhash } = media;
  return {
    mediaId,
    kind,
    state,
    mimeType: main?.mimeType ?? null,
    width,
    height,
    bytes: main?.bytes ?? null,
    ...(durationMs === null ? {} : { durationMs }),
    altText,
    focus: { ...focus },
    thumbhash,
    url: main === null ? null : mediaUrl(main.key),
    variants: media.variants.map((variant) => ({
      name: variant.name,
      url: mediaUrl(variant.key),
      width: variant.width,
      height: variant.height,
      mimeType: variant.mimeType,
      bytes: variant.bytes,
    })),
  };
}

const squareOf = (media: MediaSnapshot, name: 'square96' | 'square400'): MediaObject | undefined =>
  media.variants.find((variant) => variant.name === name);

export function presentAvatar(mediaUrl: MediaUrl, avatar: MediaSnapshot | null): Avatar | null {
  const large = avatar && squareOf(avatar, 'square400');
  const small = avatar && squareOf(avatar, 'square96');
  if (!avatar || !large || !small) return null;
  const { mediaId, altText, thumbhash } = avatar;
  return { mediaId, url: mediaUrl(large.key), smallUrl: mediaUrl(small.key), altText, thumbhash };
}

/** Whether two snapshots are equal by value. */
export const isSameMedia = (one: MediaSnapshot | null, other: MediaSnapshot | null): boolean =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.mediaId === other.mediaId &&
    one.state === other.state &&
    one.altText === other.altText &&
    one.focus.x === other.focus.x &&
    one.focus.y === other.focus.y &&
    one.main?.key === other.main?.key &&
    one.variants.length === other.variants.length &&
    one.variants.every(({ key }, index) => key === other.variants[index]?.key));
