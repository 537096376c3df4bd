import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { GatedOrigin } from './gated-origin.ts';
import { type CdnAnswer, RunningCdn } from './running-cdn.ts';

/** What the CDN reads from: a bucket, or a server. */
export interface TestOrigin extends AsyncDisposable {
  /** What comes before `/media/…`. */
  readonly url: string;
  /** Puts an object there, and answers its path: `/media/…`. An origin that decides itself leaves `cacheControl` alone. */
  add(
    content: Uint8Array,
    extension: keyof typeof mimeTypes,
    cacheControl: string,
    path?: string,
  ): Promise<string>;
  remove(path: string): Promise<void>;
}

export const mimeTypes = { webp: 'image/webp', mp4: 'video/mp4', webm: 'video/webm' } as const;

/** As the servers write it. */
export const forLong = 'public, max-age=31536000, immutable, s-maxage=300';

export const newPath = (extension: string): string =>
  `/media/${randomBytes(16).toString('hex')}.${extension}`;

/** A CDN before an origin, for the tests of a suite. */
export interface CdnWorld {
  readonly origin: TestOrigin;
  readonly gate: GatedOrigin;
  ask(...args: Parameters<RunningCdn['ask']>): Promise<CdnAnswer>;
  /** How often the origin was asked for it in this test. */
  askedOf(path: string): number;
}

/** Opens them before the tests of this suite; to be called within tests. */
export function useCdn(open: () => Promise<TestOrigin>): () => CdnWorld {
  let origin: TestOrigin | undefined;
  let gate: GatedOrigin | undefined;
  let cdn: RunningCdn | undefined;
  beforeAll(async () => {
    origin = await open();
    gate = await GatedOrigin.before(origin.url);
    cdn = await RunningCdn.before(gate.url);
  });
  afterAll(async () => {
    for (const opened of [cdn, gate, origin]) await opened?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    if (gate) gate.asked.length = 0;
  });
  return () => {
    if (!origin || !gate || !cdn) throw new Error('to be called within tests');
    const [asked, { ask }] = [gate.asked, cdn];
    return {
      origin,
      gate,
      ask: ask.bind(cdn),
      askedOf: (path) => asked.filter((request) => request.path.endsWith(path)).length,
    };
  };
}
