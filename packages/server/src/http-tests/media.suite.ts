import { expect, test } from 'vitest';
import { aForm, aPng } from './a-png.ts';
import { send } from './client.ts';
import { follow, join, post, upload } from './people.ts';
import { suite } from './suite.ts';

const focus = { x: 0, y: 0 };

export const mediaUploads = suite('uploads', (world) => {
  test('a picture is ready in the response, in every size, and served at its URLs', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const form = aForm(aPng(1_300, 600), { altText: 'Rust', focus: '0.5,-1' });
    const made = await call('uploadMedia', { token: ann.token, form });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      kind: 'image',
      state: 'ready',
      mimeType: 'image/webp',
      width: 1_300,
      height: 600,
      altText: 'Rust',
      focus: { x: 0.5, y: -1 },
    });
    const sizes = made.body.variants.map((each: { name: string; width: number; height: number }) => [
      each.name,
      each.width,
      each.height,
    ]);
    expect(sizes).toEqual([
      ['small', 400, 185],
      ['medium', 1_200, 554],
      ['large', 1_300, 600],
      ['square96', 96, 96],
      ['square400', 400, 400],
    ]);
    for (const { url, bytes, mimeType } of made.body.variants) {
      const served = await fetch(url);
      expect(served.status).toBe(200);
      expect(served.headers.get('content-type')).toBe(mimeType);
      expect((await served.arrayBuffer()).byteLength).toBe(bytes);
    }
    expect((await call('getMedia', { token: ann.token, path: { mediaId: made.body.mediaId } })).body).toEqual(
      made.body,
    );
  });

  test('a retry with the same key gets the first response, but not with different bytes or text', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const headers = { 'idempotency-key': `upload of ${token.slice(-20)}`.replaceAll(' ', '-') };
    const file = aPng(10, 10);
    const first = await call('uploadMedia', { token, headers, form: aForm(file) });
    expect(first.status).toBe(201);
    const again = await call('uploadMedia', { token, headers, form: aForm(file, {}, 'another name.png') });
    expect(again).toMatchObject({ status: 201, body: first.body });
    const forms = [aForm(aPng(11, 10)), aForm(file, { altText: 'Other' })];
    for (const form of forms) {
      const answer = await call('uploadMedia', { token, headers, form });
      expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
    }
  });

  test.each([
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 415, 'unsupported_media'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'unsupported_media'],
    ['an empty file', Buffer.alloc(0), 415, 'unsupported_media'],
    ['a PNG that ends early', aPng(100, 100).subarray(0, 60), 422, 'media_invalid'],
    ['too many pixels', aPng(65_000, 1_000), 422, 'media_dimensions'],
  ])('%s is refused', async (_name, file, status, code) => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const answer = await call('uploadMedia', { token, form: aForm(file) });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  test('issues of a form are reported by field', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const noFile = new FormData();
    noFile.append('altText', 'Nothing');
    const forms: [FormData, string][] = [
      [noFile, 'file'],
      [aForm(aPng(1, 1), { altText: 'x'.repeat(1_501) }), 'altText'],
      [aForm(aPng(1, 1), { focus: '2,0' }), 'focus'],
    ];
    for (const [form, path] of forms) {
      const answer = await call('uploadMedia', { token, form });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
      expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    }
    const unknown = await call('uploadMedia', { token, form: aForm(aPng(1, 1), { colour: 'red' }) });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    const json = await call('uploadMedia', { token, body: { file: 'x' } });
    expect(json).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  test('the limits are published', async () => {
    const { call } = world();
    const { body } = await call('getInstance');
    expect(body.media).toMatchObject({ attachmentsMax: 4, altTextLengthMax: 1_500, videoSecondsMax: 140 });
    expect(body.media.mimeTypes).toContain('image/avif');
  });
});

// On a deployed instance, a CDN may serve its cached copy for minutes.
export const media = suite('media', (world, insideTest) => {
  test('a post has its pictures in the requested order, and can have no text', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const [one, two] = [await upload(call, ann), await upload(call, ann, { altText: 'Two' })];
    const mediaIds = [two.mediaId, one.mediaId];
    const made = await call('createPost', { token: ann.token, body: { text: ' ', mediaIds } });
    expect(made).toMatchObject({ status: 201, body: { text: '', media: [two, one] } });
    const { postId } = made.body;
    expect((await call('getPost', { path: { postId } })).body.media).toEqual([two, one]);
    const listed = await call('listAccountPosts', { path: { accountId: ann.accountId } });
    expect(listed.body.items[0].media).toEqual([two, one]);
  });

  test('a reply can have pictures too', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const postId = await post(call, ann, 'Show me');
    const picture = await upload(call, bob);
    const made = await call('createReply', {
      token: bob.token,
      path: { postId },
      body: { text: '', mediaIds: [picture.mediaId] },
    });
    expect(made).toMatchObject({ status: 201, body: { text: '', media: [picture] } });
    expect((await call('listReplies', { path: { postId } })).body.items[0].media).toEqual([picture]);
  });

  test('only one’s own unattached media can be attached, once', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const { mediaId } = await upload(call, ann);
    const attach = (token: string, mediaIds: string[]) =>
      call('createPost', { token, body: { text: 'Look', mediaIds } });
    const refused = { status: 422, body: { code: 'media_not_attachable' } };
    expect(await attach(bob.token, [mediaId])).toMatchObject(refused);
    expect(await attach(ann.token, ['0000000000000000001'])).toMatchObject(refused);
    expect((await attach(ann.token, [mediaId])).status).toBe(201);
    expect(await attach(ann.token, [mediaId])).toMatchObject(refused);
    const another = (await upload(call, ann)).mediaId;
    expect(await attach(ann.token, [another, mediaId])).toMatchObject(refused);
    // Media that could be attached are free again.
    expect((await attach(ann.token, [another])).status).toBe(201);
    const five = ['1', '2', '3', '4', '5'].map((last) => `000000000000000000${last}`);
    for (const mediaIds of [five, [mediaId, mediaId]]) {
      expect(await attach(ann.token, mediaIds)).toMatchObject({
        status: 422,
        body: { code: 'invalid_input' },
      });
    }
  });

  test('alt text and focus change wherever the medium is shown', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const picture = await upload(call, ann);
    const { postId } = (
      await call('createPost', { token: ann.token, body: { text: 'Look', mediaIds: [picture.mediaId] } })
    ).body;
    const path = { mediaId: picture.mediaId };
    const changed = await call('updateMedia', {
      token: ann.token,
      path,
      body: { altText: 'A wall', focus: { x: -1, y: 1 } },
    });
    expect(changed).toMatchObject({ status: 200, body: { altText: 'A wall', focus: { x: -1, y: 1 } } });
    const squares = (body: { variants: { name: string; url: string }[] }) =>
      body.variants.filter(({ name }) => name.startsWith('square')).map(({ url }) => url);
    expect(squares(changed.body)).not.toEqual(squares(picture));
    expect((await call('getPost', { path: { postId } })).body.media).toEqual([changed.body]);
    await server.settled();
    expect((await call('getPost', { path: { postId } })).body.media).toEqual([changed.body]);
    for (const url of squares(changed.body)) expect((await fetch(url)).status).toBe(200);
  });

  insideTest('a medium is deleted with its objects, unless it is attached', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const [free, attached] = [await upload(call, ann), await upload(call, ann)];
    const body = { text: 'Look', mediaIds: [attached.mediaId] };
    const { postId } = (await call('createPost', { token: ann.token, body })).body;
    const remove = (mediaId: string) => call('deleteMedia', { token: ann.token, path: { mediaId } });
    expect((await remove(free.mediaId)).status).toBe(204);
    expect(await remove(free.mediaId)).toMatchObject({ status: 404, body: { code: 'media_not_found' } });
    expect(await remove(attached.mediaId)).toMatchObject({ status: 409, body: { code: 'media_attached' } });
    await server.settled();
    expect((await fetch(free.url)).status).toBe(404);
    expect((await fetch(attached.url)).status).toBe(200);
    await call('deletePost', { token: ann.token, path: { postId } });
    await server.settled();
    expect((await fetch(attached.url)).status).toBe(404);
    expect((await call('getMedia', { token: ann.token, path: { mediaId: attached.mediaId } })).status).toBe(
      404,
    );
  });

  insideTest('the media of a reply go with the reply, and with the post above it', async () => {
    const { call, server } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const reply = async (postId: string) => {
      const picture = await upload(call, bob);
      const body = { text: 'Look', mediaIds: [picture.mediaId] };
      const made = await call('createReply', { token: bob.token, path: { postId }, body });
      return { url: picture.url as string, replyId: made.body.replyId as string };
    };
    const postId = await post(call, ann, 'Show me');
    const [one, two] = [await reply(postId), await reply(postId)];
    await call('deleteReply', { token: bob.token, path: { replyId: one.replyId } });
    await server.settled();
    expect([(await fetch(one.url)).status, (await fetch(two.url)).status]).toEqual([404, 200]);
    await call('deletePost', { token: ann.token, path: { postId } });
    await server.settled();
    expect((await fetch(two.url)).status).toBe(404);
  });

  insideTest('an avatar is bound into what its account wrote, and replaced with its objects', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const postId = await post(call, ann, 'Hello');
    const [one, two, wide] = [await upload(call, ann), await upload(call, ann), await upload(call, ann)];
    const update = (body: object) => call('updateMe', { token: ann.token, body });
    const first = await update({ avatarMediaId: one.mediaId, bannerMediaId: wide.mediaId });
    expect(first).toMatchObject({ status: 200, body: { avatar: { mediaId: one.mediaId }, banner: wide } });
    await server.settled();
    expect((await call('getPost', { path: { postId } })).body.author.avatar).toEqual(first.body.avatar);
    expect((await fetch(first.body.avatar.smallUrl)).status).toBe(200);
    const second = await update({ avatarMediaId: two.mediaId });
    expect(second.body).toMatchObject({
      avatar: { mediaId: two.mediaId },
      banner: { mediaId: wide.mediaId },
    });
    await server.settled();
    expect((await fetch(first.body.avatar.url)).status).toBe(404);
    expect((await fetch(second.body.avatar.url)).status).toBe(200);
    const none = await update({ avatarMediaId: null, bannerMediaId: null });
    expect(none.body).toMatchObject({ avatar: null, banner: null });
    await server.settled();
    expect((await fetch(wide.url)).status).toBe(404);
    expect((await call('getPost', { path: { postId } })).body.author.avatar).toBeNull();
  });

  insideTest('the media of a suspended account are not served until it is reinstated', async () => {
    const { call, server } = world();
    const [ann, boss] = [await join(call, 'ann'), await join(call, 'boss')];
    await server.grantAdmin(boss.handle);
    const picture = await upload(call, ann);
    await call('createPost', { token: ann.token, body: { text: 'Look', mediaIds: [picture.mediaId] } });
    const path = { accountId: ann.accountId };
    const served = await fetch(picture.url, { method: 'HEAD' });
    expect(served.status).toBe(200);
    await call('suspendAccount', { token: boss.token, path });
    await server.settled();
    // A CDN revalidates this way whether it may still show its copy.
    const etag = served.headers.get('etag') ?? '';
    for (const init of [{}, { method: 'HEAD' }, { headers: { 'if-none-match': etag } }])
      expect((await fetch(picture.url, init)).status).toBe(404);
    await call('reinstateAccount', { token: boss.token, path });
    await server.settled();
    expect((await fetch(picture.url)).status).toBe(200);
  });

  test('the media of a deleted account are deleted', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const pictures = [await upload(call, ann), await upload(call, ann), await upload(call, ann)];
    await call('createPost', {
      token: ann.token,
      body: { text: 'Look', mediaIds: [pictures[0].mediaId] },
    });
    await call('updateMe', { token: ann.token, body: { avatarMediaId: pictures[1].mediaId } });
    expect((await call('deleteMe', { token: ann.token, body: { password: ann.password } })).status).toBe(204);
    await server.settled();
    const statuses = await Promise.all(pictures.map(async ({ url }) => (await fetch(url)).status));
    expect(statuses).toEqual([404, 404, 404]);
  });

  test('has:media only finds posts with media', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const word = `word${ann.accountId}`;
    const { mediaId } = await upload(call, ann);
    await call('createPost', { token: ann.token, body: { text: `With ${word}`, mediaIds: [mediaId] } });
    await post(call, ann, `Without ${word}`);
    await server.settled();
    const search = async (q: string) =>
      (await call('searchPosts', { query: { q } })).body.items.map((item: { text: string }) => item.text);
    expect(await search(`has:media ${word}`)).toEqual([`With ${word}`]);
    expect(await search(`-has:media ${word}`)).toEqual([`Without ${word}`]);
    expect(await search(`has:media from:${ann.handle}`)).toEqual([`With ${word}`]);
    expect(await search('has:media')).toContain(`With ${word}`);
  });

  test('only followers get the URL of a picture in a followers-only post', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const { mediaId } = await upload(call, ann);
    const body = { text: 'Among friends', visibility: 'followers', mediaIds: [mediaId] };
    const { postId } = (await call('createPost', { token: ann.token, body })).body;
    const asBob = { token: bob.token, path: { mediaId } };
    expect((await call('getMedia', asBob)).status).toBe(404);
    await follow(call, bob, ann);
    expect((await call('getMedia', asBob)).status).toBe(200);
    expect((await call('getPost', { token: bob.token, path: { postId } })).body.media).toHaveLength(1);
  });
});

export const uploadLimits = suite(
  'limits of uploads',
  (world) => {
    test('uploads have their own limit and error code', async () => {
      const { call } = world();
      const ann = await join(call, 'ann');
      await upload(call, ann);
      await upload(call, ann);
      const third = await call('uploadMedia', { token: ann.token, form: aForm(aPng(1, 1)) });
      expect(third).toMatchObject({ status: 429, body: { code: 'upload_rate_limited' } });
      expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await call('createPost', { token: ann.token, body: { text: 'Still here' } })).status).toBe(201);
    });
  },
  { rateLimits: { upload: { perAccount: { limit: 2, windowSeconds: 3_600 }, perAddress: null } } },
);

export const expiringMedia = suite('media that nobody attaches', (world, insideTest) => {
  insideTest('are deleted after a day, and those that are attached stay', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const [free, attached] = [await upload(call, ann), await upload(call, ann)];
    const body = { text: 'Look', mediaIds: [attached.mediaId] };
    const { postId } = (await call('createPost', { token: ann.token, body })).body;
    server.advance(25 * 3_600_000);
    await server.runUpkeep();
    await server.settled();
    // The access token has expired as well.
    expect((await fetch(free.url)).status).toBe(404);
    expect((await fetch(attached.url)).status).toBe(200);
    expect((await call('getPost', { path: { postId } })).body.media).toHaveLength(1);
  });
});

export const servedMedia = suite('served media', (world) => {
  test('are immutable, readable by every origin, and safe to open', async () => {
    const { call } = world();
    const { url, bytes } = await upload(call, await join(call, 'ann'));
    const answer = await fetch(url, { headers: { origin: 'https://elsewhere.example' } });
    await answer.arrayBuffer();
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable, s-maxage=300',
      'content-length': String(bytes),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'accept-ranges': 'bytes',
    });
    expect(headers['content-disposition']).toMatch(/^inline; filename="[0-9a-f]{32}\.webp"$/);
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers.etag).toMatch(/^"[^"]+"$/);
    const again = await send(url, { headers: { 'if-none-match': headers.etag as string } });
    expect(again).toMatchObject({ status: 304, body: undefined });
    const head = await send(url, { method: 'HEAD' });
    expect([head.status, head.body, head.headers.get('content-length')]).toEqual([
      200,
      undefined,
      String(bytes),
    ]);
    const part = await fetch(url, { headers: { range: 'bytes=0-9' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    expect(part.headers.get('content-range')).toBe(`bytes 0-9/${bytes}`);
  });

  test('are the only resources below their path', async () => {
    const { url } = world();
    for (const path of [
      '/media/',
      '/media/00000000000000000000000000000000.webp',
      '/media/../twite.sqlite',
      '/media/%2e%2e/twite.sqlite',
      '/media/00000000000000000000000000000000.svg',
      '/uploads/00000000000000000000000000000000.bin',
    ]) {
      expect((await send(`${url}${path}`)).status).toBe(404);
    }
  });
});

export const mediaDefaults = suite('accounts and posts without media', (world) => {
  test('say so', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const postId = await post(call, ann, 'Plain');
    expect((await call('getPost', { path: { postId } })).body).toMatchObject({
      media: [],
      author: { avatar: null },
    });
    expect((await call('getMe', { token: ann.token })).body).toMatchObject({ avatar: null, banner: null });
    expect(await upload(call, ann)).toMatchObject({ altText: '', focus });
  });
});
