import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitWidth, squareAround } from './image-geometry.ts';

const size = fc.record({
  width: fc.integer({ min: 1, max: 65_535 }),
  height: fc.integer({ min: 1, max: 65_535 }),
});
const focus = fc.record({
  x: fc.double({ min: -1, max: 1, noNaN: true }),
  y: fc.double({ min: -1, max: 1, noNaN: true }),
});

test('a fitted size is whole, at least one pixel, never larger, and of the same proportions', () => {
  fc.assert(
    fc.property(size, fc.constantFrom(400, 1_200, 2_400), (image, widthMax) => {
      const fitted = fitWidth(image, widthMax);
      for (const side of ['width', 'height'] as const) {
        expect(Number.isInteger(fitted[side])).toBe(true);
        expect(fitted[side]).toBeGreaterThanOrEqual(1);
        expect(fitted[side]).toBeLessThanOrEqual(image[side]);
      }
      expect(fitted.width).toBeLessThanOrEqual(widthMax);
      expect(fitted.height).toBeLessThanOrEqual(16_383);
      // Rounding moves each side by half a pixel at most, unless nothing would be left of it.
      if (fitted.width > 1 && fitted.height > 1) {
        const skew = Math.abs(fitted.width * image.height - fitted.height * image.width);
        expect(skew).toBeLessThanOrEqual((image.width + image.height) / 2 + 1e-6);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a square lies within the image, is as large as possible, and as near to the focus as possible', () => {
  fc.assert(
    fc.property(size, focus, (image, at) => {
      const { left, top, side } = squareAround(image, at);
      expect(side).toBe(Math.min(image.width, image.height));
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + side).toBeLessThanOrEqual(image.width);
      expect(top + side).toBeLessThanOrEqual(image.height);
      const x = ((at.x + 1) / 2) * image.width;
      const distance = Math.abs(left + side / 2 - x);
      if (left > 0 && left + side < image.width) expect(distance).toBeLessThanOrEqual(0.5);
    }),
    { numRuns: 1_000 },
  );
});

test('the focus counts from the bottom left', () => {
  const wide = { width: 300, height: 100 };
  expect(squareAround(wide, { x: -1, y: 1 })).toEqual({ left: 0, top: 0, side: 100 });
  expect(squareAround(wide, { x: 1, y: -1 })).toEqual({ left: 200, top: 0, side: 100 });
  const high = { width: 100, height: 300 };
  expect(squareAround(high, { x: 0, y: 1 }).top).toBe(0);
  expect(squareAround(high, { x: 0, y: 0 }).top).toBe(100);
  expect(squareAround(high, { x: 0, y: -1 }).top).toBe(200);
});
