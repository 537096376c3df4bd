import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { GatedOrigin } from './gated-origin.ts';
import { type CdnAnswer, RunningCdn } from './running-cdn.ts';

/** The origin of the CDN: a bucket or a server. */
export interface TestOrigin extends AsyncDisposable {
  /** The prefix of `/media/…`. */
  readonly url: string;
  /**
   * Stores an object there, and returns its path: `/media/…`. An origin that sets caching itself ignores
   * `cacheControl`.
   */
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

/** A CDN in front of an origin, for the tests of a suite. */
export interface CdnWorld {
  readonly origin: TestOrigin;
  readonly gate: GatedOrigin;
  ask(...args: Parameters<RunningCdn['ask']>): Promise<CdnAnswer>;
  /** How often this test requested it from the origin. */
  askedOf(path: string): number;
}

/** Opens them before the tests of this suite; call the returned function within tests. */
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
