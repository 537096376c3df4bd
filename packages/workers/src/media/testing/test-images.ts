import sharp from 'sharp';
import { expect } from 'vitest';
import { type Colour, colourAt } from './open-test-processor.ts';

export const red = [220, 40, 40];
export const green = [40, 180, 60];
export const blue = [50, 70, 210];
export const yellow = [230, 210, 60];

/** Red and green above, blue and yellow below. */
export const quadrants = (width: number, height: number) => {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, right] = y < height / 2 ? [red, green] : [blue, yellow];
      data.set((x < width / 2 ? left : right) as Colour, (y * width + x) * 3);
    }
  }
  return { data, width, height };
};

export const open = ({ data, width, height }: ReturnType<typeof quadrants>) =>
  sharp(data, { raw: { width, height, channels: 3 } });

export const expectColour = (actual: Colour, expected: Colour, tolerance = 24): void => {
  for (const [index, value] of expected.entries())
    expect(Math.abs((actual[index] ?? 0) - value), `${actual} is not ${expected}`).toBeLessThanOrEqual(
      tolerance,
    );
};

export const expectQuadrants = async (image: Buffer, tolerance?: number): Promise<void> => {
  expectColour(await colourAt(image, 0.25, 0.25), red, tolerance);
  expectColour(await colourAt(image, 0.75, 0.25), green, tolerance);
  expectColour(await colourAt(image, 0.25, 0.75), blue, tolerance);
  expectColour(await colourAt(image, 0.75, 0.75), yellow, tolerance);
};
