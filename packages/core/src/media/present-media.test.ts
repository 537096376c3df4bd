import { describe, expect, it } from 'vitest';
import { newMediaKey } from './media-keys.ts';
import type { MediaRecord, MediaVariant, VariantName } from './media-record.ts';
import {
  avatarSnapshotOf,
  isSameMedia,
  mediaUrlFrom,
  presentAvatar,
  presentMedia,
  snapshotOf,
} from './present-media.ts';

const mediaUrl = mediaUrlFrom('https://cdn.example');

const variant = (name: VariantName, width: number): MediaVariant => ({
  name,
  key: newMediaKey('image/webp'),
  width,
  height: width,
  mimeType: 'image/webp',
  bytes: width * 10,
});

function anImage(given: Partial<MediaRecord> = {}): MediaRecord {
  const large = variant('large', 2_400);
  return {
    mediaId: '1855647289012345678',
    ownerId: '1855647289012345679',
    kind: 'image',
    state: 'ready',
    main: large,
    width: 2_400,
    height: 2_400,
    durationMs: null,
    altText: 'A garden',
    focus: { x: 0, y: 0.5 },
    thumbhash: 'hash',
    variants: [variant('small', 400), large, variant('square96', 96), variant('square400', 400)],
    sourceKey: null,
    keys: [],
    storedBytes: 1,
    target: null,
    expiresAt: null,
    createdAt: 0,
    rev: 1,
    ...given,
  };
}

describe('a medium as clients see it', () => {
  it('has absolute URLs below the base, and no internal fields', () => {
    const record = anImage();
    const snapshot = snapshotOf(record);
    if (!snapshot) throw new Error('not published');
    const shown = presentMedia(mediaUrl, snapshot);
    expect(shown.url).toBe(`https://cdn.example/${record.main?.key}`);
    expect(shown.variants.map(({ url }) => url)).toEqual(
      record.variants.map(({ key }) => `https://cdn.example/${key}`),
    );
    expect(shown).not.toHaveProperty('durationMs');
    expect(JSON.stringify(shown)).not.toContain(record.ownerId);
  });

  it('has no URL while a video is processed', () => {
    const snapshot = snapshotOf(
      anImage({
        kind: 'video',
        state: 'processing',
        main: null,
        durationMs: 1_500,
        variants: [variant('poster', 400)],
      }),
    );
    if (!snapshot) throw new Error('not published');
    expect(presentMedia(mediaUrl, snapshot)).toMatchObject({
      state: 'processing',
      url: null,
      mimeType: null,
      bytes: null,
      durationMs: 1_500,
      variants: [{ name: 'poster' }],
    });
  });

  it.each(['uploading', 'removed'] as const)('is not seen while it is %s', (state) => {
    expect(snapshotOf(anImage({ state }))).toBeUndefined();
  });
});

describe('an avatar', () => {
  it('has two squares', () => {
    const record = anImage();
    const snapshot = snapshotOf(record);
    if (!snapshot) throw new Error('not published');
    const avatar = avatarSnapshotOf(snapshot);
    expect(avatar.variants.map(({ name }) => name)).toEqual(['square96', 'square400']);
    expect(presentAvatar(mediaUrl, avatar)).toEqual({
      mediaId: record.mediaId,
      url: mediaUrl(record.variants[3]?.key ?? ''),
      smallUrl: mediaUrl(record.variants[2]?.key ?? ''),
      altText: 'A garden',
      thumbhash: 'hash',
    });
  });

  it('is null if there is none', () => {
    expect(presentAvatar(mediaUrl, null)).toBeNull();
  });
});

describe('two snapshots', () => {
  it('are equal if they show the same, and differ by alt text, focus, state or object', () => {
    const record = anImage();
    const [one, copy] = [snapshotOf(record), structuredClone(snapshotOf(record))];
    if (!one || !copy) throw new Error('not published');
    expect(isSameMedia(one, copy)).toBe(true);
    expect(isSameMedia(one, { ...copy, altText: 'A wall' })).toBe(false);
    expect(isSameMedia(one, { ...copy, focus: { x: 1, y: 0.5 } })).toBe(false);
    expect(isSameMedia(one, { ...copy, state: 'failed' })).toBe(false);
    expect(isSameMedia(one, { ...copy, variants: [variant('small', 400)] })).toBe(false);
    expect(isSameMedia(one, null)).toBe(false);
    expect(isSameMedia(null, null)).toBe(true);
  });
});
