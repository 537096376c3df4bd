import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { forLong, newPath, type TestOrigin, useCdn } from './cdn-world.ts';

/** Tests the CDN in front of any origin. */
export function cdnSuite(name: string, open: () => Promise<TestOrigin>): void {
  describe(`the CDN before ${name}`, () => {
    const world = useCdn(open);

    test('answers MISS, then HIT without the origin, with the same bytes and headers', async () => {
      const { origin, ask, askedOf } = world();
      const content = randomBytes(300_000);
      const path = await origin.add(content, 'webp', forLong);
      const [first, second] = [await ask(path), await ask(path)];
      expect([first.status, first.cache, second.status, second.cache]).toEqual([200, 'MISS', 200, 'HIT']);
      expect(askedOf(path)).toBe(1);
      for (const { body, headers } of [first, second]) {
        expect(body.equals(content)).toBe(true);
        expect(headers).toMatchObject({
          'content-type': 'image/webp',
          'content-length': '300000',
          'cache-control': forLong,
          etag: expect.stringMatching(/^"[^"]+"$/),
          'accept-ranges': 'bytes',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "sandbox; default-src 'none'",
          'content-disposition': `inline; filename="${path.slice('/media/'.length)}"`,
          'cross-origin-resource-policy': 'cross-origin',
          'access-control-allow-origin': '*',
        });
      }
    });

    test('passes on nothing else of the origin to the client, or of the client to the origin', async () => {
      const { origin, gate, ask } = world();
      const path = await origin.add(randomBytes(100), 'webp', forLong);
      const headers = { cookie: 'a=b', authorization: 'Bearer secret', 'x-forwarded-for': '203.0.113.7' };
      const answers = [
        await ask(`${path}?utm=1`, { headers }),
        await ask(path, { headers }),
        await ask(newPath('webp')),
      ];
      const allowed = new Set(
        [
          ...['date', 'server', 'connection', 'content-type', 'content-length', 'last-modified', 'etag'],
          ...['cache-control', 'accept-ranges', 'x-cache', 'x-content-type-options', 'content-disposition'],
          ...['content-security-policy', 'cross-origin-resource-policy', 'access-control-allow-origin'],
          ...['access-control-expose-headers', 'transfer-encoding'],
        ].map((header) => header.toLowerCase()),
      );
      for (const answer of answers) {
        expect(Object.keys(answer.headers).filter((header) => !allowed.has(header))).toEqual([]);
      }
      // The query is ignored.
      expect(answers[1]?.cache).toBe('HIT');
      for (const asked of gate.asked) {
        expect(asked.path).not.toContain('?');
        const told = Object.keys(asked.headers).filter((header) => !/^(host|range)$/.test(header));
        expect(told).toEqual([]);
      }
    });

    test('answers 304 and HEAD from the cache', async () => {
      const { origin, ask, askedOf } = world();
      const path = await origin.add(randomBytes(1000), 'webp', forLong);
      const head = await ask(path, { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '1000', 0]);
      const etag = head.headers.etag ?? '';
      const same = await ask(path, { headers: { 'if-none-match': etag } });
      expect([same.status, same.cache, same.headers.etag]).toEqual([304, 'HIT', etag]);
      expect((await ask(path, { headers: { 'if-none-match': '"another"' } })).status).toBe(200);
      expect(askedOf(path)).toBe(1);
    });

    test('reads only the slices of a video that a range needs, across slice boundaries', async () => {
      const { origin, gate, ask, askedOf } = world();
      const mebi = 1024 * 1024;
      const content = randomBytes(2.5 * mebi);
      const path = await origin.add(content, 'mp4', forLong);
      const read = (range: string, more: Record<string, string> = {}) =>
        ask(path, { headers: { range, ...more } });

      const end = await read('bytes=-1000');
      // nginx learns the size from the first slice.
      expect([end.status, end.headers['content-range']]).toEqual([
        206,
        `bytes ${content.length - 1000}-${content.length - 1}/${content.length}`,
      ]);
      expect(end.body.equals(content.subarray(-1000))).toBe(true);

      const across = await read(`bytes=${mebi - 10}-${mebi + 9}`);
      expect([across.status, across.headers['content-type']]).toEqual([206, 'video/mp4']);
      expect(across.body.equals(content.subarray(mebi - 10, mebi + 10))).toBe(true);

      const whole = await ask(path);
      expect([whole.status, whole.headers['content-length']]).toEqual([200, String(content.length)]);
      expect(whole.body.equals(content)).toBe(true);
      expect(askedOf(path)).toBe(3);
      for (const { headers } of gate.asked) expect(headers.range).toMatch(/^bytes=\d+-\d+$/);

      const { etag = '' } = whole.headers;
      expect((await read('bytes=0-9', { 'if-range': etag })).status).toBe(206);
      expect((await read('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
      for (const start of [content.length, 100 * mebi]) {
        const { status, body } = await read(`bytes=${start}-`);
        expect([status, body.includes('<Error>')]).toEqual([416, false]);
      }
      // Only the origin knows where it ends.
      expect(askedOf(path)).toBe(4);
    });

    test('answers a range of an image', async () => {
      const { origin, ask } = world();
      const content = randomBytes(5000);
      const path = await origin.add(content, 'webp', forLong);
      for (const cache of ['MISS', 'HIT']) {
        const answer = await ask(path, { headers: { range: 'bytes=100-199' } });
        expect([answer.status, answer.cache]).toEqual([206, cache]);
        expect(answer.body.equals(content.subarray(100, 200))).toBe(true);
      }
    });

    test('accepts only GET, HEAD and OPTIONS', async () => {
      const { origin, gate, ask } = world();
      const path = await origin.add(randomBytes(10), 'webp', forLong);
      const preflight = await ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
      });
      expect(preflight).toMatchObject({
        status: 204,
        headers: {
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET, HEAD, OPTIONS',
          'access-control-allow-headers': expect.stringContaining('Range'),
          'access-control-max-age': '86400',
        },
      });
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
        expect(await ask(path, { method })).toMatchObject({
          status: 405,
          headers: { allow: 'GET, HEAD, OPTIONS', 'cache-control': 'no-store' },
        });
      }
      expect(gate.asked).toEqual([]);
    });

    test('only requests names of media from the origin', async () => {
      const { gate, ask } = world();
      const hex = randomBytes(16).toString('hex');
      for (const path of [
        '/',
        '/media/',
        `/media/${hex}`,
        `/media/${hex}.svg`,
        `/media/${hex}.webp/`,
        `/media/${hex}.webp%0a`,
        `/media/${hex.toUpperCase()}X.webp`,
        `/media/${hex}0.webp`,
        `/media/${hex.slice(1)}.webp`,
        `/media//../uploads/${hex}.bin`,
        `/media/..%2fuploads/${hex}.bin`,
        `/uploads/${hex}.bin`,
        `/withheld/${hex}.webp`,
        `/media/x/${hex}.webp`,
      ]) {
        const answer = await ask(path);
        expect([path, answer.status]).toEqual([path, 404]);
        expect(answer.headers).toMatchObject({
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          'content-type': 'text/plain',
        });
      }
      expect(gate.asked).toEqual([]);
    });

    test('answers 404 for a missing object, and finds it seconds after it was written', async () => {
      const { origin, ask, askedOf } = world();
      const path = newPath('webp');
      const missing = await ask(path);
      expect([missing.status, missing.headers['cache-control'], missing.body.toString()]).toEqual([
        404,
        'no-store',
        'Not found\n',
      ]);
      // Cached for a moment, so that a crowd requesting it makes one request to the origin.
      await Promise.all(Array.from({ length: 5 }, () => ask(path)));
      expect(askedOf(path)).toBeLessThanOrEqual(3);
      await origin.add(randomBytes(10), 'webp', forLong, path);
      await expect.poll(async () => (await ask(path)).status, { interval: 200 }).toBe(200);
    });

    test('sends one request to the origin for concurrent requests of an uncached object', async () => {
      const { origin, gate, ask, askedOf } = world();
      const content = randomBytes(100_000);
      const path = await origin.add(content, 'webp', forLong);
      gate.hold();
      const answers = Array.from({ length: 20 }, () => ask(path));
      await expect.poll(() => askedOf(path)).toBeGreaterThan(0);
      // The others are in flight: a request sent now is answered after theirs were read.
      await Promise.all(Array.from({ length: 20 }, () => ask('/')));
      gate.release();
      for (const { status, body } of await Promise.all(answers)) {
        expect([status, body.equals(content)]).toEqual([200, true]);
      }
      expect(askedOf(path)).toBe(1);
    });
  });
}
