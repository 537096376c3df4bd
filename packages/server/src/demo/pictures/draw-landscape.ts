import { type Colour, coverage, distanceOf, hsl, mix, paint } from './canvas.ts';
import { randomFrom } from './random.ts';

export interface Landscape {
  readonly seed: string;
  /** At the top of the sky and at the horizon. */
  readonly sky: readonly [Colour, Colour];
  /** Positions are fractions of the width and height. */
  readonly light: {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly colour: Colour;
  };
  /** From the farthest hills to the nearest. */
  readonly hills: readonly [Colour, Colour];
  /** 0: none. */
  readonly stars: number;
}

export const landscapeSize = { width: 480, height: 270 };
const { width, height } = landscapeSize;
const ridgeCount = 4;

/** Ridges in front of each other under a sky with a sun or moon. */
export function drawLandscape({ seed, sky, light, hills, stars }: Landscape): Buffer {
  const random = randomFrom(seed);
  const ridges = Array.from({ length: ridgeCount }, (_, order) => {
    const waves = [1, 2.3, 5.1].map((frequency) => ({
      frequency: frequency * (0.8 + 0.4 * random()),
      phase: random() * 2 * Math.PI,
      amplitude: (0.06 * height) / frequency,
    }));
    const base = height * (0.5 + 0.13 * order);
    const heights = Array.from({ length: width }, (_, x) =>
      waves.reduce(
        (y, { frequency, phase, amplitude }) =>
          y + amplitude * Math.sin((x / width) * frequency * 2 * Math.PI + phase),
        base,
      ),
    );
    return { heights, colour: mix(hills[0], hills[1], order / (ridgeCount - 1)) };
  });
  const points = Array.from({ length: stars }, () => ({
    x: random() * width,
    y: random() * height * 0.45,
    brightness: 0.3 + 0.7 * random(),
  }));
  const starsAt = new Map(
    points.map(({ x, y, brightness }) => [Math.floor(y) * width + Math.floor(x), brightness]),
  );
  const white: Colour = [1, 1, 1];
  const lightX = light.x * width;
  const lightY = light.y * height;
  const lightRadius = light.radius * width;
  // Computed once per distance: there are far more pixels.
  const glow = Array.from(
    { length: width + height },
    (_, distance) => 0.45 * Math.exp(-distance / (lightRadius * 2.5)),
  );

  return paint(width, height, (pixel, x, y) => {
    pixel.cover(sky[0], 1);
    pixel.cover(sky[1], Math.min(1, y / (height * 0.6)));
    const fromLight = distanceOf(x - lightX, y - lightY);
    pixel.cover(light.colour, glow[Math.floor(fromLight)] ?? 0);
    pixel.cover(white, starsAt.get(y * width + x) ?? 0);
    pixel.cover(light.colour, coverage(lightRadius - fromLight));
    for (const { heights, colour } of ridges) pixel.cover(colour, coverage(y - (heights[x] ?? 0)));
  });
}

const night: Landscape = {
  seed: 'night',
  sky: [hsl(0.64, 0.55, 0.1), hsl(0.62, 0.4, 0.32)],
  light: { x: 0.72, y: 0.2, radius: 0.035, colour: hsl(0.14, 0.5, 0.92) },
  hills: [hsl(0.63, 0.35, 0.24), hsl(0.65, 0.4, 0.07)],
  stars: 140,
};

const dawn: Landscape = {
  seed: 'dawn',
  sky: [hsl(0.58, 0.45, 0.62), hsl(0.07, 0.85, 0.8)],
  light: { x: 0.3, y: 0.46, radius: 0.045, colour: hsl(0.12, 0.95, 0.85) },
  hills: [hsl(0.92, 0.25, 0.62), hsl(0.4, 0.25, 0.2)],
  stars: 0,
};

const evening: Landscape = {
  seed: 'evening',
  sky: [hsl(0.75, 0.35, 0.35), hsl(0.04, 0.8, 0.62)],
  light: { x: 0.6, y: 0.5, radius: 0.06, colour: hsl(0.09, 1, 0.72) },
  hills: [hsl(0.9, 0.3, 0.4), hsl(0.8, 0.35, 0.1)],
  stars: 20,
};

const noon: Landscape = {
  seed: 'noon',
  sky: [hsl(0.57, 0.6, 0.55), hsl(0.55, 0.5, 0.86)],
  light: { x: 0.2, y: 0.14, radius: 0.04, colour: hsl(0.15, 1, 0.9) },
  hills: [hsl(0.45, 0.25, 0.6), hsl(0.28, 0.45, 0.32)],
  stars: 0,
};

export const landscapes = { night, dawn, evening, noon };
export type LandscapeName = keyof typeof landscapes;
