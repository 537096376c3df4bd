import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMediaKey, newMediaKey, newSourceKey, servedMimeType } from './media-keys.ts';

const mimeTypes = ['image/webp', 'video/mp4', 'video/webm'] as const;

describe('media keys', () => {
  it.each(mimeTypes)('serve %s with the right type', (mimeType) => {
    const key = newMediaKey(mimeType);
    expect(servedMimeType(key)).toBe(mimeType);
    expect(isMediaKey(key)).toBe(true);
  });

  it('never serve an unprocessed upload', () => {
    const key = newSourceKey();
    expect(isMediaKey(key)).toBe(true);
    expect(servedMimeType(key)).toBeUndefined();
  });

  it('are never reused', () => {
    const keys = Array.from({ length: 10_000 }, () => newMediaKey('image/webp'));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('accept nothing else', () => {
    const pieces = fc.constantFrom(
      'media/',
      'uploads/',
      '../',
      '/',
      '.',
      '.webp',
      '.bin',
      '.svg',
      '%2e',
      '\0',
      '\n',
    );
    const hex = fc.stringMatching(/^[0-9a-fA-F]{30,34}$/);
    const paths = fc
      .array(fc.oneof(pieces, hex, fc.string()), { maxLength: 5 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(paths, (path) => {
        if (!isMediaKey(path)) return;
        expect(path).toMatch(/^(?:media\/[0-9a-f]{32}\.(?:webp|mp4|webm)|uploads\/[0-9a-f]{32}\.bin)$/);
        expect(path).not.toContain('\n');
      }),
      { numRuns: 5_000 },
    );
  });

  it('end where their name ends', () => {
    expect(isMediaKey(`${newMediaKey('image/webp')}\n`)).toBe(false);
    expect(servedMimeType(`${newMediaKey('video/mp4')}/x`)).toBeUndefined();
  });
});
