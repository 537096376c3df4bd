import sharp from 'sharp';
import { thumbHashToAverageRGBA } from 'thumbhash';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, colourAt, openTestProcessor, type TestProcessor } from './testing/open-test-processor.ts';
import { expectColour, expectQuadrants, open, quadrants, red } from './testing/test-images.ts';

let media: TestProcessor;
beforeAll(async () => {
  media = await openTestProcessor();
});
afterAll(async () => media[Symbol.asyncDispose]());

/** The stored position of the pixel at x, y of the upright image, for each EXIF orientation. */
const storedFrom: readonly [number, (x: number, y: number, w: number, h: number) => [number, number]][] = [
  [1, (x, y) => [x, y]],
  [2, (x, y, w) => [w - 1 - x, y]],
  [3, (x, y, w, h) => [w - 1 - x, h - 1 - y]],
  [4, (x, y, _w, h) => [x, h - 1 - y]],
  [5, (x, y) => [y, x]],
  [6, (x, y, w) => [w - 1 - y, x]],
  [7, (x, y, w, h) => [w - 1 - y, h - 1 - x]],
  [8, (x, y, _w, h) => [y, h - 1 - x]],
];

describe('right side up', () => {
  test.each(storedFrom)('with EXIF orientation %d', async (orientation, place) => {
    const upright = quadrants(600, 400);
    const isTurned = orientation >= 5;
    const [width, height] = isTurned ? [400, 600] : [600, 400];
    const data = Buffer.alloc(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [fromX, fromY] = place(x, y, 600, 400);
        const from = (fromY * 600 + fromX) * 3;
        data.set(upright.data.subarray(from, from + 3), (y * width + x) * 3);
      }
    }
    for (const format of ['jpeg', 'webp', 'png'] as const) {
      const image = open({ data, width, height })[format]().withMetadata({ orientation });
      const bytes = await image.toBuffer();
      expect(await media.inspect(bytes)).toMatchObject({ width, height });
      const made = await media.process(bytes);
      expect(made).toMatchObject({ width: 600, height: 400 });
      await expectQuadrants(await bytesOf(made));
      await expectQuadrants(await bytesOf(made, 'small'));
      await expectQuadrants(await bytesOf(made, 'square96'));
    }
  });
});

describe('in the right colours', () => {
  const image = () => open(quadrants(300, 200));
  const wide = async () => {
    const { data, width, height } = quadrants(300, 200);
    const samples = Uint16Array.from(data, (value) => value * 257);
    return sharp(samples, { raw: { width, height, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
  };

  test.each([
    ['JPEG', () => image().jpeg().toBuffer()],
    ['progressive JPEG', () => image().jpeg({ progressive: true }).toBuffer()],
    ['PNG', () => image().png().toBuffer()],
    ['interlaced PNG', () => image().png({ progressive: true }).toBuffer()],
    ['PNG with a palette', () => image().png({ palette: true }).toBuffer()],
    ['PNG of 16 bits', wide],
    ['lossy WebP', () => image().webp().toBuffer()],
    ['lossless WebP', () => image().webp({ lossless: true }).toBuffer()],
    ['GIF', () => image().gif().toBuffer()],
    ['AVIF', () => image().avif().toBuffer()],
    ['AVIF of 10 bits', () => image().avif({ bitdepth: 10 }).toBuffer()],
    ['JPEG in Display P3', () => image().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer()],
    ['PNG in Display P3', () => image().withIccProfile('p3').png().toBuffer()],
  ])('%s', async (_name, encode) => {
    const made = await media.process(await encode());
    await expectQuadrants(await bytesOf(made));
    await expectQuadrants(await bytesOf(made, 'square96'));
  });

  test('CMYK JPEG, in printable colours', async () => {
    for (const colour of [
      [180, 90, 80],
      [90, 130, 100],
      [240, 240, 235],
      [40, 40, 45],
    ]) {
      const [r = 0, g = 0, b = 0] = colour;
      const plain = sharp({ create: { width: 90, height: 60, channels: 3, background: { r, g, b } } });
      const bytes = await plain.toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer();
      expect(await sharp(bytes).metadata()).toMatchObject({ space: 'cmyk', channels: 4 });
      const out = await bytesOf(await media.process(bytes));
      expect(await sharp(out).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
      expectColour(await colourAt(out, 0.5, 0.5), colour);
    }
  });

  test('the colour profile is applied, not dropped', async () => {
    const bytes = await image().withIccProfile('p3').png().toBuffer();
    const asStored = await sharp(bytes, { ignoreIcc: true }).png().toBuffer();
    const [storedRed = 0] = await colourAt(asStored, 0.25, 0.25);
    // The result without the profile.
    expect(Math.abs(storedRed - (red[0] as number))).toBeGreaterThan(10);
    const made = await media.process(bytes);
    expectColour(await colourAt(await bytesOf(made), 0.25, 0.25), red, 8);
  });

  test('grey stays grey', async () => {
    const grey = sharp({ create: { width: 90, height: 60, channels: 3, background: '#808080' } });
    const made = await media.process(await grey.toColourspace('b-w').png().toBuffer());
    expectColour(await colourAt(await bytesOf(made), 0.5, 0.5), [128, 128, 128], 4);
  });

  test.each(['png', 'webp', 'avif'] as const)('transparency of %s is kept', async (format) => {
    const half = sharp({
      create: { width: 80, height: 80, channels: 4, background: { r: 220, g: 40, b: 40, alpha: 0.5 } },
    });
    const made = await media.process(await half[format]().toBuffer());
    for (const name of ['large', 'square96'] as const) {
      const [r = 0, g = 0, b = 0, alpha = 0] = await colourAt(await bytesOf(made, name), 0.5, 0.5);
      expectColour([r, g, b], red);
      expect(Math.abs(alpha - 128)).toBeLessThanOrEqual(4);
    }
  });
});

test('no metadata is kept', async () => {
  const bytes = await open(quadrants(300, 200))
    .withExif({ IFD0: { Copyright: 'secret place' }, IFD3: { GPSLatitude: '48/1 51/1 24/1' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>place</secret></x:xmpmeta>')
    .withIccProfile('p3')
    .jpeg()
    .toBuffer();
  expect(bytes.includes('secret place')).toBe(true);
  const made = await media.process(bytes);
  for (const name of made.variants.keys()) {
    const out = await bytesOf(made, name);
    const { exif, xmp, icc, iptc, orientation } = await sharp(out).metadata();
    expect([exif, xmp, icc, iptc, orientation].filter((value) => value !== undefined)).toEqual([]);
    for (const word of ['secret', 'EXIF', 'XMP ', 'ICCP']) expect(out.includes(word)).toBe(false);
  }
});

test('the thumbhash has the average colour', async () => {
  const plain = sharp({ create: { width: 900, height: 600, channels: 3, background: '#dc2828' } });
  const { thumbhash } = await media.process(await plain.jpeg().toBuffer());
  const { r, g, b, a } = thumbHashToAverageRGBA(Buffer.from(thumbhash, 'base64'));
  expectColour([r * 255, g * 255, b * 255, a * 255], [...red, 255], 12);
});
