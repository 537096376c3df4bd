import { createTwite, type Twite } from '@twite/sdk';
import { beforeAll, describe, expect, test } from 'vitest';
import { aForm, aPng } from '../../packages/server/src/http-tests/a-png.ts';
import { settled } from './deployed-server.ts';
import { instance, minutes } from './instance-under-test.ts';

interface Variant {
  readonly name: string;
  readonly url: string;
}

interface Media {
  readonly mediaId: string;
  readonly state: string;
  readonly url: string;
  readonly altText: string;
  readonly variants: readonly Variant[];
}

interface PostWithMedia {
  readonly postId: string;
  readonly text: string;
  readonly media: readonly Media[];
}

/** Pictures from the upload to the reader: gateway, servers, object store and CDN. Call `admin()` only within tests. */
export function mediaJourney(admin: () => Twite): void {
  describe('pictures', () => {
    let ada: Twite;
    let bob: Twite;
    let stranger: Twite;
    beforeAll(async () => {
      const join = async (handle: string) => {
        const twite = createTwite({ baseUrl: instance.url });
        const { account } = await twite.accounts.create({ handle, password: 'a long password' });
        return { twite, accountId: account.accountId };
      };
      const author = await join('media_ada');
      ada = author.twite;
      bob = (await join('media_bob')).twite;
      stranger = (await join('media_eve')).twite;
      await bob.accounts.follow({ accountId: author.accountId });
    });

    /** Like any HTTP client. */
    async function call<Body>(twite: Twite, method: string, path: string, body?: FormData | object) {
      const answer = await fetch(`${instance.url}/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${twite.session?.accessToken}`,
          ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, text, body: (text === '' ? undefined : JSON.parse(text)) as Body };
    }

    const upload = (twite: Twite, altText: string) =>
      call<Media>(twite, 'POST', '/media', aForm(aPng(1500, 900), { altText }));

    const variant = ({ variants }: Media, wanted: string): string =>
      variants.find(({ name }) => name === wanted)?.url ?? '';

    async function read(url: string, headers: Readonly<Record<string, string>> = {}) {
      const answer = await fetch(url, { headers });
      const bytes = await answer.bytes();
      return { status: answer.status, headers: answer.headers, cache: answer.headers.get('x-cache'), bytes };
    }

    test('are uploaded, posted, and read from the CDN: MISS, then HIT', async () => {
      const { status, body: media } = await upload(ada, 'Colours');
      expect([status, media.state, media.altText]).toEqual([201, 'ready', 'Colours']);
      expect(media.url).toMatch(new RegExp(`^${instance.url}/media/[0-9a-f]{32}\\.webp$`));
      const created = await call<PostWithMedia>(ada, 'POST', '/posts', {
        text: '',
        mediaIds: [media.mediaId],
      });
      expect([created.status, created.body.text]).toEqual([201, '']);
      await settled(admin());
      const { body: home } = await call<{ items: PostWithMedia[] }>(bob, 'GET', '/timelines/home');
      const [seen] = home.items.find(({ postId }) => postId === created.body.postId)?.media ?? [];
      expect(seen).toMatchObject({ url: media.url, altText: 'Colours' });

      const [first, second] = [await read(media.url), await read(media.url)];
      expect([first.status, first.cache, second.status, second.cache]).toEqual([200, 'MISS', 200, 'HIT']);
      expect(Buffer.from(first.bytes.subarray(8, 12)).toString()).toBe('WEBP');
      expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
      for (const { headers } of [first, second]) {
        expect(Object.fromEntries(headers)).toMatchObject({
          'content-type': 'image/webp',
          'cache-control': expect.stringMatching(/^public, max-age=31536000, immutable, s-maxage=\d+/),
          'x-content-type-options': 'nosniff',
          'content-security-policy': "sandbox; default-src 'none'",
          'access-control-allow-origin': '*',
        });
        expect([...headers.keys()].filter((name) => /^x-amz|cookie/.test(name))).toEqual([]);
      }
      const etag = first.headers.get('etag') ?? '';
      expect((await read(media.url, { 'if-none-match': etag })).status).toBe(304);
    });

    test('can be read in ranges', async () => {
      const { body: media } = await upload(ada, 'A part');
      const whole = await read(media.url);
      const part = await read(media.url, { range: 'bytes=10-29' });
      expect([part.status, part.headers.get('content-range')]).toEqual([
        206,
        `bytes 10-29/${whole.bytes.length}`,
      ]);
      expect(Buffer.compare(part.bytes, whole.bytes.subarray(10, 30))).toBe(0);
    });

    test('of a followers-only post are never revealed to others', async () => {
      const { body: media } = await upload(ada, 'For friends');
      const { body: post } = await call<PostWithMedia>(ada, 'POST', '/posts', {
        text: 'Friends only #mediafriends',
        visibility: 'followers',
        mediaIds: [media.mediaId],
      });
      await settled(admin());
      const author = (await ada.me.get()).accountId;
      const paths = [
        `/posts/${post.postId}`,
        `/accounts/${author}/posts`,
        `/accounts/${author}`,
        `/media/${media.mediaId}`,
        '/timelines/home',
        '/search/posts?q=mediafriends',
      ];
      const answers = async (twite: Twite) =>
        (await Promise.all(paths.map((path) => call(twite, 'GET', path)))).map(({ text }) => text).join('\n');
      expect(await answers(bob)).toContain(media.url);
      const told = await answers(stranger);
      for (const url of [media.url, ...media.variants.map(({ url }) => url)]) expect(told).not.toContain(url);
    });

    test('of a deleted post are deleted from the store', async () => {
      const { body: media } = await upload(ada, 'Soon gone');
      const { body: post } = await call<PostWithMedia>(ada, 'POST', '/posts', {
        text: 'Soon gone',
        mediaIds: [media.mediaId],
      });
      expect((await read(media.url)).status).toBe(200);
      expect((await call(ada, 'DELETE', `/posts/${post.postId}`)).status).toBeLessThan(300);
      await settled(admin());
      // Nobody has read this one: the CDN must request it.
      expect((await read(variant(media, 'small'))).status).toBe(404);
    });

    test(
      'come from the servers while there is no CDN',
      async () => {
        const { body: media } = await upload(ada, 'Without a CDN');
        await instance.compose(['stop', 'cdn']);
        try {
          const direct = async () => {
            const { status, cache } = await read(variant(media, 'small'));
            return [status, cache];
          };
          await expect.poll(direct).toEqual([200, null]);
        } finally {
          await instance.up('--no-recreate');
        }
        const again = async () => (await read(variant(media, 'medium'))).cache;
        await expect.poll(again).toMatch(/MISS|HIT/);
      },
      5 * minutes,
    );

    test(
      'wait for the object store, and nothing else does',
      async () => {
        const { body: media } = await upload(ada, 'Kept by the CDN');
        expect((await read(media.url)).status).toBe(200);
        await instance.compose(['stop', 's3']);
        try {
          await expect.poll(async () => (await upload(ada, 'Refused')).status).toBe(503);
          expect((await call(ada, 'POST', '/posts', { text: 'Only words' })).status).toBe(201);
          expect((await read(media.url)).status).toBe(200);
        } finally {
          await instance.up('--no-recreate');
        }
        await expect.poll(async () => (await upload(ada, 'Taken again')).status).toBe(201);
      },
      5 * minutes,
    );
  });
}
