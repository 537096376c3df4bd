import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { forLong, type TestOrigin, useCdn } from './cdn-world.ts';

const forOneSecond = 'public, max-age=31536000, immutable, s-maxage=1';

/** Tests old objects in the CDN, with an origin whose objects declare how long they may be cached. */
export function cdnAgeSuite(name: string, open: () => Promise<TestOrigin>): void {
  describe(`expiry in the CDN before ${name}`, () => {
    const world = useCdn(open);

    test.each(['webp', 'mp4'] as const)(
      'forgets a deleted %s when s-maxage has passed',
      async (extension) => {
        const { origin, ask } = world();
        const path = await origin.add(randomBytes(3000), extension, forOneSecond);
        expect((await ask(path)).status).toBe(200);
        await origin.remove(path);
        await expect.poll(async () => (await ask(path)).status, { timeout: 20_000, interval: 100 }).toBe(404);
        expect((await ask(path)).body.toString()).toBe('Not found\n');
      },
    );

    test('never serves an expired object, even after a long time without requests', async () => {
      const { origin, ask } = world();
      const [deleted, clock] = [
        await origin.add(randomBytes(1000), 'webp', `${forOneSecond}, stale-while-revalidate=1`),
        await origin.add(randomBytes(1000), 'webp', 'public, s-maxage=3'),
      ];
      expect((await ask(deleted)).status).toBe(200);
      await origin.remove(deleted);
      await ask(clock);
      await expect.poll(async () => (await ask(clock)).cache, { interval: 100 }).toBe('REVALIDATED');
      expect(await ask(deleted)).toMatchObject({ status: 404 });
    });

    test('revalidates an expired object instead of downloading it again', async () => {
      const { origin, gate, ask } = world();
      const path = await origin.add(randomBytes(200_000), 'webp', forOneSecond);
      const { headers } = await ask(path);
      await expect.poll(async () => (await ask(path)).cache, { interval: 100 }).toBe('REVALIDATED');
      expect(gate.asked.at(-1)?.headers['if-none-match']).toBe(headers.etag);
    });

    test('revalidates in the background while it serves the stale object', async () => {
      const { origin, ask, askedOf } = world();
      const path = await origin.add(randomBytes(1000), 'webp', `${forOneSecond}, stale-while-revalidate=60`);
      await ask(path);
      const seen: (string | undefined)[] = [];
      const look = async () => {
        seen.push((await ask(path)).cache);
        return seen.includes('STALE') && seen.at(-1) === 'HIT';
      };
      await expect.poll(look, { interval: 100 }).toBe(true);
      expect(askedOf(path)).toBeGreaterThanOrEqual(2);
    });

    test('serves cached objects while the origin is unavailable, and 503 for others', async () => {
      const { origin, gate, ask } = world();
      const [image, video, unseen] = [
        await origin.add(randomBytes(1000), 'webp', forOneSecond),
        await origin.add(randomBytes(3000), 'mp4', forOneSecond),
        await origin.add(randomBytes(1000), 'webp', forLong),
      ];
      const kept = [await ask(image), await ask(video)];
      await gate.break();
      try {
        for (const [index, path] of [image, video].entries()) {
          const cache = async () => (await ask(path)).cache;
          await expect.poll(cache, { interval: 100 }).toBe('STALE');
          const stale = await ask(path);
          expect([stale.status, stale.body.equals(kept[index]?.body as Buffer)]).toEqual([200, true]);
        }
        expect(await ask(unseen)).toMatchObject({
          status: 503,
          headers: { 'retry-after': '5', 'cache-control': 'no-store' },
        });
      } finally {
        await gate.mend();
      }
      await expect.poll(async () => (await ask(unseen)).status, { interval: 100 }).toBe(200);
      await expect
        .poll(async () => (await ask(image)).cache, { interval: 100 })
        .toMatch(/^(REVALIDATED|EXPIRED|HIT)$/);
    });
  });
}
