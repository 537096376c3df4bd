import { readdir } from 'node:fs/promises';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import type { ProcessedMedia } from '@twite/core/media/media-processor';
import sharp from 'sharp';
import { thumbHashToAverageRGBA } from 'thumbhash';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bytesOf,
  type Colour,
  colourAt,
  openTestProcessor,
  type TestProcessor,
} from './testing/open-test-processor.ts';

let media: TestProcessor;
beforeAll(async () => {
  media = await openTestProcessor();
});
afterAll(async () => media[Symbol.asyncDispose]());

const red = [220, 40, 40];
const green = [40, 180, 60];
const blue = [50, 70, 210];
const yellow = [230, 210, 60];

/** Red and green above, blue and yellow below. */
const quadrants = (width: number, height: number) => {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, right] = y < height / 2 ? [red, green] : [blue, yellow];
      data.set((x < width / 2 ? left : right) as Colour, (y * width + x) * 3);
    }
  }
  return { data, width, height };
};

const open = ({ data, width, height }: ReturnType<typeof quadrants>) =>
  sharp(data, { raw: { width, height, channels: 3 } });

const expectColour = (actual: Colour, expected: Colour, tolerance = 24): void => {
  for (const [index, value] of expected.entries())
    expect(Math.abs((actual[index] ?? 0) - value), `${actual} is not ${expected}`).toBeLessThanOrEqual(
      tolerance,
    );
};

const expectQuadrants = async (image: Buffer, tolerance?: number): Promise<void> => {
  expectColour(await colourAt(image, 0.25, 0.25), red, tolerance);
  expectColour(await colourAt(image, 0.75, 0.25), green, tolerance);
  expectColour(await colourAt(image, 0.25, 0.75), blue, tolerance);
  expectColour(await colourAt(image, 0.75, 0.75), yellow, tolerance);
};

const sizesOf = (made: ProcessedMedia): Record<string, string> =>
  Object.fromEntries([...made.variants].map(([name, { width, height }]) => [name, `${width}x${height}`]));

describe('sizes', () => {
  test('a large image comes in three widths and two squares, in files that are what they say', async () => {
    const made = await media.process(await open(quadrants(3_000, 1_500)).jpeg().toBuffer());
    expect(sizesOf(made)).toEqual({
      small: '400x200',
      medium: '1200x600',
      large: '2400x1200',
      square96: '96x96',
      square400: '400x400',
    });
    for (const [name, file] of made.variants) {
      const bytes = await bytesOf(made, name);
      const { format, width, height } = await sharp(bytes).metadata();
      expect({ format, width, height, bytes: bytes.length }).toEqual({
        format: 'webp',
        width: file.width,
        height: file.height,
        bytes: file.bytes,
      });
      expect(file.mimeType).toBe('image/webp');
    }
    expect(made.main).toBe(made.variants.get('large'));
    expect(made).toMatchObject({ width: 2_400, height: 1_200, durationMs: null });
  });

  test('nothing is enlarged, and names of the same size share a file', async () => {
    const made = await media.process(await open(quadrants(500, 60)).png().toBuffer());
    expect(sizesOf(made)).toEqual({
      small: '400x48',
      medium: '500x60',
      large: '500x60',
      square96: '60x60',
      square400: '60x60',
    });
    expect(made.variants.get('medium')).toBe(made.variants.get('large'));
    expect(made.variants.get('square96')).toBe(made.variants.get('square400'));
    expect(new Set([...made.variants.values()].map(({ path }) => path)).size).toBe(3);
  });

  test.each([
    [1, 1, '1x1'],
    [1, 20_000, '1x16383'],
    [20_000, 1, '2400x1'],
    [7_000, 7_000, '2400x2400'],
  ])('%d × %d pixels become %s', async (width, height, large) => {
    const plain = sharp({ create: { width, height, channels: 3, background: '#28b43c' } });
    const made = await media.process(await plain.png().toBuffer());
    expect(sizesOf(made).large).toBe(large);
    expectColour(await colourAt(await bytesOf(made), 0.5, 0.5), green);
  });
});

describe('the squares', () => {
  test.each([
    [{ x: -1, y: 0 }, red, blue],
    [{ x: 1, y: 0 }, green, yellow],
    [{ x: -0.5, y: 0 }, red, blue],
  ])('are around the focus %j', async (focus, above, below) => {
    const made = await media.process(await open(quadrants(1_600, 400)).png().toBuffer(), focus);
    for (const name of ['square96', 'square400'] as const) {
      const square = await bytesOf(made, name);
      expectColour(await colourAt(square, 0.5, 0.25), above);
      expectColour(await colourAt(square, 0.5, 0.75), below);
    }
  });

  test('are around the focus of the image as it is shown, not as it is stored', async () => {
    const stored = await open(quadrants(400, 1_600)).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    // Turned to the right: blue and red are above, yellow and green below.
    const made = await media.process(stored, { x: -1, y: 0 });
    const square = await bytesOf(made, 'square400');
    expectColour(await colourAt(square, 0.5, 0.25), blue);
    expectColour(await colourAt(square, 0.5, 0.75), yellow);
  });

  test('can be made again of the large variant, around another focus', async () => {
    const made = await media.process(await open(quadrants(1_600, 400)).png().toBuffer(), { x: -1, y: 0 });
    const large = made.main.open();
    await using again = await media.processor.cropSquares(large, { x: 1, y: 0 });
    expect([...again.variants.keys()].sort()).toEqual(['square400', 'square96']);
    const square = await bytesOf(again, 'square400');
    expectColour(await colourAt(square, 0.5, 0.25), green);
    expectColour(await colourAt(square, 0.5, 0.75), yellow);
  });
});

/** Where the stored pixel at x, y comes from in the upright image, for each EXIF orientation. */
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

  test('CMYK JPEG, in colours that inks can show', async () => {
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

  test('the profile is applied, not dropped', async () => {
    const bytes = await image().withIccProfile('p3').png().toBuffer();
    const asStored = await sharp(bytes, { ignoreIcc: true }).png().toBuffer();
    const [storedRed = 0] = await colourAt(asStored, 0.25, 0.25);
    // Without the profile, this would come out.
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

describe('animations', () => {
  const animate = async (format: 'gif' | 'webp', width = 600, height = 300): Promise<Buffer> => {
    const colours = [red, green, blue];
    const frames = await Promise.all(
      colours.map(([r = 0, g = 0, b = 0]) =>
        sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
          .png()
          .toBuffer(),
      ),
    );
    const joined = sharp(frames, { join: { animated: true } });
    return format === 'gif'
      ? joined.gif({ delay: [100, 200, 300], loop: 3 }).toBuffer()
      : joined.webp({ delay: [100, 200, 300], loop: 3 }).toBuffer();
  };

  test.each(['gif', 'webp'] as const)(
    '%s stays animated, with its times; the squares are still',
    async (format) => {
      const bytes = await animate(format);
      expect(await media.inspect(bytes)).toEqual({
        kind: 'animation',
        width: 600,
        height: 300,
        frames: 3,
        durationMs: null,
      });
      const made = await media.process(bytes);
      expect(sizesOf(made)).toEqual({
        small: '400x200',
        medium: '600x300',
        large: '600x300',
        square96: '96x96',
        square400: '300x300',
      });
      for (const name of ['small', 'large'] as const) {
        const out = await bytesOf(made, name);
        expect(await sharp(out).metadata()).toMatchObject({
          format: 'webp',
          pages: 3,
          delay: [100, 200, 300],
          loop: 3,
        });
        for (const [page, colour] of [red, green, blue].entries()) {
          const frame = await sharp(out, { page }).png().toBuffer();
          expectColour(await colourAt(frame, 0.5, 0.5), colour);
        }
      }
      const square = await bytesOf(made, 'square96');
      expect((await sharp(square).metadata()).pages ?? 1).toBe(1);
      expectColour(await colourAt(square, 0.5, 0.5), red);
    },
  );

  test('of one frame are images', async () => {
    const gif = await open(quadrants(30, 20)).gif().toBuffer();
    expect(await media.inspect(gif)).toMatchObject({ kind: 'image', frames: 1 });
  });
});

describe('posters', () => {
  test('are made of an image, or plain and of the proportions of the video', async () => {
    const file = await media.write(await open(quadrants(1_600, 900)).jpeg().toBuffer());
    await using poster = await media.processor.makePoster(file, { width: 640, height: 360 });
    expect(sizesOf(poster)).toEqual({ poster: '1200x675' });
    await expectQuadrants(await bytesOf(poster));
    await using plain = await media.processor.makePoster(undefined, { width: 1_080, height: 1_920 });
    expect(sizesOf(plain)).toEqual({ poster: '400x711' });
    expect(plain.thumbhash).not.toBe('');
  });

  test('have to be images', async () => {
    const file = await media.write(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
    const made = media.processor.makePoster(file, { width: 640, height: 360 });
    await expect(made).rejects.toMatchObject({ code: 'unsupported_media' });
  });
});

describe('limits', () => {
  const limited = (limits: Partial<typeof defaultMediaLimits>) =>
    openTestProcessor({ limits: { ...defaultMediaLimits, ...limits } });

  test('bytes, pixels and frames are refused by their header, without a process', async () => {
    const image = await open(quadrants(300, 200)).png().toBuffer();
    await using bytes = await limited({ imageBytesMax: image.length - 1 });
    await expect(bytes.inspect(image)).rejects.toMatchObject({ code: 'media_too_large', status: 413 });
    await using pixels = await limited({ pixelsMax: 300 * 200 - 1 });
    await expect(pixels.inspect(image)).rejects.toMatchObject({ code: 'media_dimensions', status: 422 });
    const frames = Array.from(
      { length: 3 },
      () => ({ create: { width: 9, height: 9, channels: 3, background: '#000' } }) as const,
    );
    const noise = await Promise.all(
      frames.map(({ create }, index) =>
        sharp({ create: { ...create, background: { r: index * 50, g: 0, b: 0 } } })
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(noise, { join: { animated: true } })
      .gif()
      .toBuffer();
    await using few = await limited({ framesMax: 2 });
    await expect(few.inspect(gif)).rejects.toMatchObject({ code: 'media_dimensions' });
    await using all = await limited({ animationPixelsMax: 3 * 81 - 1 });
    await expect(all.inspect(gif)).rejects.toMatchObject({ code: 'media_dimensions' });
    await using exact = await limited({ framesMax: 3, animationPixelsMax: 3 * 81 });
    expect(await exact.inspect(gif)).toMatchObject({ frames: 3 });
    for (const { processor } of [bytes, pixels, few, all, exact]) expect(processor.pids).toEqual([]);
  });

  test('a file that takes too long is invalid; one beyond the queue is refused as overloaded', async () => {
    await using slow = await openTestProcessor({ deadlineMs: 1 });
    const image = await open(quadrants(300, 200)).png().toBuffer();
    await expect(slow.process(image)).rejects.toMatchObject({ code: 'media_invalid' });
    await using busy = await openTestProcessor({ queueLimit: 1 });
    const file = await busy.write(image);
    const inspected = await busy.processor.inspect(file);
    expect(busy.processor.isFull()).toBe(false);
    const started = Array.from({ length: 3 }, () =>
      busy.processor.processImage(file, inspected, { x: 0, y: 0 }),
    );
    const outcomes = await Promise.allSettled(started);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toMatchObject([{ code: 'overloaded', retryAfterSeconds: 1 }]);
    for (const outcome of outcomes)
      if (outcome.status === 'fulfilled') await outcome.value[Symbol.asyncDispose]();
  });
});

test('files are gone when their result is disposed of, and when nothing came of it', async () => {
  await using own = await openTestProcessor();
  const file = await own.write(await open(quadrants(300, 200)).png().toBuffer());
  const made = await own.processor.processImage(file, await own.processor.inspect(file), { x: 0, y: 0 });
  const [name = ''] = await readdir(own.workFolder);
  expect(await readdir(`${own.workFolder}/${name}`)).toHaveLength(1);
  await made[Symbol.asyncDispose]();
  const damaged = await own.write((await open(quadrants(300, 200)).png().toBuffer()).subarray(0, 200));
  const inspected = await own.processor.inspect(damaged);
  await expect(own.processor.processImage(damaged, inspected, { x: 0, y: 0 })).rejects.toMatchObject({
    code: 'media_invalid',
  });
  expect(await readdir(`${own.workFolder}/${name}`)).toEqual([]);
  await own.processor[Symbol.asyncDispose]();
  expect(await readdir(own.workFolder)).toEqual([]);
});
