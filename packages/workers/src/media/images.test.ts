import { readdir } from 'node:fs/promises';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import type { ProcessedMedia } from '@twite/core/media/media-processor';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, colourAt, openTestProcessor, type TestProcessor } from './testing/open-test-processor.ts';
import {
  blue,
  expectColour,
  expectQuadrants,
  green,
  open,
  quadrants,
  red,
  yellow,
} from './testing/test-images.ts';

let media: TestProcessor;
beforeAll(async () => {
  media = await openTestProcessor();
});
afterAll(async () => media[Symbol.asyncDispose]());

const sizesOf = (made: ProcessedMedia): Record<string, string> =>
  Object.fromEntries([...made.variants].map(([name, { width, height }]) => [name, `${width}x${height}`]));

describe('sizes', () => {
  test('a large image gets three widths and two squares, with correct types', async () => {
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

  test('the squares of a square image are its widths, where these are of the same size', async () => {
    const made = await media.process(await open(quadrants(400, 400)).png().toBuffer(), { x: 1, y: 1 });
    expect(made.variants.get('square400')).toBe(made.variants.get('large'));
    expect(new Set([...made.variants.values()].map(({ path }) => path)).size).toBe(2);
    await expectQuadrants(await bytesOf(made, 'square400'));
    await expectQuadrants(await bytesOf(made, 'square96'));
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

  test('use the focus of the displayed image, not of the stored one', async () => {
    const stored = await open(quadrants(400, 1_600)).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    // Rotated to the right: blue and red are above, yellow and green below.
    const made = await media.process(stored, { x: -1, y: 0 });
    const square = await bytesOf(made, 'square400');
    expectColour(await colourAt(square, 0.5, 0.25), blue);
    expectColour(await colourAt(square, 0.5, 0.75), yellow);
  });

  test('can be created again from the large variant, around another focus', async () => {
    const made = await media.process(await open(quadrants(1_600, 400)).png().toBuffer(), { x: -1, y: 0 });
    const large = made.main.open();
    await using again = await media.processor.cropSquares(large, { x: 1, y: 0 });
    expect([...again.variants.keys()].sort()).toEqual(['square400', 'square96']);
    const square = await bytesOf(again, 'square400');
    expectColour(await colourAt(square, 0.5, 0.25), green);
    expectColour(await colourAt(square, 0.5, 0.75), yellow);
  });
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

  test('a square animation also has still squares', async () => {
    const made = await media.process(await animate('gif', 96, 96));
    expect((await sharp(await bytesOf(made, 'large')).metadata()).pages).toBe(3);
    for (const name of ['square96', 'square400'] as const)
      expect((await sharp(await bytesOf(made, name)).metadata()).pages ?? 1).toBe(1);
  });

  test('of one frame are images', async () => {
    const gif = await open(quadrants(30, 20)).gif().toBuffer();
    expect(await media.inspect(gif)).toMatchObject({ kind: 'image', frames: 1 });
  });
});

describe('posters', () => {
  test('are created from an image, or plain with the proportions of the video', async () => {
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

  test('excess bytes, pixels and frames are refused by the header, without a process', async () => {
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

test('files are removed when their result is disposed of, and after a failure', async () => {
  await using own = await openTestProcessor();
  const file = await own.write(await open(quadrants(300, 200)).png().toBuffer());
  const made = await own.processor.processImage(file, await own.processor.inspect(file), { x: 0, y: 0 });
  const name = (await readdir(own.workFolder)).find((each) => !each.endsWith('.lock'));
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
