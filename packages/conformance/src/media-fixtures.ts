import type { NewMedia, PublishedMedia } from '@twite/core/media/media-catalogue';
import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import type { MediaRecord, MediaTarget, MediaVariant, VariantName } from '@twite/core/media/media-record';
import { avatarSnapshotOf, snapshotOf } from '@twite/core/media/present-media';
import { present, type World } from './world.ts';

const day = 86_400_000;

export const aVariant = (name: VariantName, width: number): MediaVariant => ({
  name,
  key: newMediaKey('image/webp'),
  width,
  height: width,
  mimeType: 'image/webp',
  bytes: width * 10,
});

/** The data of an upload before its objects are written. */
export function aReservation(world: World, ownerId: string, given: Partial<NewMedia> = {}): NewMedia {
  return {
    mediaId: world.id(),
    ownerId,
    kind: 'image',
    altText: 'A garden in spring',
    focus: { x: 0.25, y: -1 },
    keys: [newMediaKey('image/webp'), newMediaKey('image/webp')],
    storedBytes: 1_000,
    createdAt: world.clock.now(),
    expiresAt: world.clock.now() + day,
    ...given,
  };
}

export function anImage(given: Partial<PublishedMedia> = {}): PublishedMedia {
  const { name: _, ...main } = aVariant('large', 2_400);
  return {
    state: 'ready',
    main,
    width: 2_400,
    height: 2_400,
    durationMs: null,
    thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
    variants: [
      aVariant('small', 400),
      { name: 'large', ...main },
      aVariant('square96', 96),
      aVariant('square400', 400),
    ],
    sourceKey: null,
    storedBytes: 2_000,
    ...given,
  };
}

export const aVideoToProcess = (): PublishedMedia => ({
  state: 'processing',
  main: null,
  width: 1_920,
  height: 1_080,
  durationMs: 12_345,
  thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  variants: [aVariant('poster', 1_920)],
  sourceKey: newSourceKey(),
  storedBytes: 5_000,
});

/** Uploads an image that is ready at once, or the given medium, and returns its id. */
export async function newMedia(
  world: World,
  ownerId: string,
  published: PublishedMedia = anImage(),
  given: Partial<NewMedia> = {},
): Promise<string> {
  const { media } = world.engine;
  const reservation = aReservation(world, ownerId, given);
  if ((await media.reserve(reservation)) !== 'reserved') throw new Error('the medium exists');
  if (!(await media.publish(reservation.mediaId, published))) throw new Error('the medium was not published');
  return reservation.mediaId;
}

export async function mediaOf(world: World, mediaId: string): Promise<MediaRecord> {
  return present((await world.engine.media.findMany([mediaId])).get(mediaId), mediaId);
}

/** The snapshot of a medium that a post holds. */
export async function snapshotFor(world: World, mediaId: string) {
  return present(snapshotOf(await mediaOf(world, mediaId)), `snapshot of ${mediaId}`);
}

/** The snapshot of an avatar that an account holds. */
export const avatarFor = async (world: World, mediaId: string) =>
  avatarSnapshotOf(await snapshotFor(world, mediaId));

export const aPostTarget = (world: World): MediaTarget => ({ kind: 'post', postId: world.id() });

/** Attaches provisionally, and returns the refused ids. */
export const attach = (
  world: World,
  mediaIds: readonly string[],
  ownerId: string,
  target: MediaTarget = aPostTarget(world),
): Promise<readonly string[]> =>
  world.engine.media.attach(mediaIds, { ownerId, target, expiresAt: world.clock.now() + 1_000 });
