import { expect, test } from 'vitest';
import { follow, join, post, textsOf } from './people.ts';
import { suite } from './suite.ts';

export const posts = suite('posts', (world) => {
  test('a post is returned unchanged, with its entities', async () => {
    const { call } = world();
    const { token, handle } = await join(call, 'ann');
    const text = `Good evening 👋 #Paris, says @${handle}: https://example.com/a`;
    const made = await call('createPost', { token, body: { text } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ text, visibility: 'public', likeCount: 0, liked: false });
    expect(made.body.entities).toMatchObject({
      hashtags: [{ tag: 'Paris', start: 15, end: 21 }],
      mentions: [{ handle }],
      urls: [{ url: 'https://example.com/a' }],
    });
    const { postId } = made.body;
    expect((await call('getPost', { path: { postId } })).body).toEqual(made.body);
  });

  test('a text is at most 280 weighted characters', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    expect((await call('createPost', { token, body: { text: 'x'.repeat(280) } })).status).toBe(201);
    for (const text of ['x'.repeat(281), '漢'.repeat(141), ' ', '']) {
      const answer = await call('createPost', { token, body: { text } });
      expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ in: 'body', path: 'text' }] });
    }
  });

  test('only followers see followers-only posts', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const postId = await post(call, ann, 'Among friends', 'followers');
    const asBob = { token: bob.token, path: { postId } };
    expect((await call('getPost', asBob)).body.code).toBe('post_not_found');
    await follow(call, bob, ann);
    expect((await call('getPost', asBob)).body.text).toBe('Among friends');
    expect((await call('getPost', { path: { postId } })).status).toBe(404);
  });

  test('the posts of an account are listed newest first, in pages', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    for (const text of ['one', 'two', 'three']) await post(call, ann, text);
    const path = { accountId: ann.accountId };
    const first = await call('listAccountPosts', { path, query: { limit: 2 } });
    expect(textsOf(first)).toEqual(['three', 'two']);
    const rest = await call('listAccountPosts', { path, query: { limit: 2, cursor: first.body.nextCursor } });
    expect(textsOf(rest)).toEqual(['one']);
    expect(rest.body.nextCursor).toBeNull();
  });

  test('a post is deleted by its author, once', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const path = { postId: await post(call, ann, 'Not for long') };
    expect((await call('deletePost', { token: bob.token, path })).body.code).toBe('post_not_found');
    expect((await call('deletePost', { token: ann.token, path })).status).toBe(204);
    expect((await call('deletePost', { token: ann.token, path })).status).toBe(404);
    expect((await call('getPost', { path })).status).toBe(404);
  });
});

export const replies = suite('replies', (world) => {
  test('replies are listed under their post, oldest first, and counted', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const path = { postId: await post(call, ann, 'Who is there?') };
    const first = await call('createReply', { token: bob.token, path, body: { text: 'Bob' } });
    const { replyId: parentReplyId } = first.body;
    const second = await call('createReply', {
      token: ann.token,
      path,
      body: { text: 'Welcome', parentReplyId },
    });
    expect(second.body).toMatchObject({ ...path, parentReplyId, text: 'Welcome' });
    expect(textsOf(await call('listReplies', { path }))).toEqual(['Bob', 'Welcome']);
    const bound = await call('getPost', { path, query: { include: 'replies' } });
    expect(bound.body.replyCount).toBe(2);
    expect(textsOf({ body: bound.body.replies })).toEqual(['Bob', 'Welcome']);
    const reply = await call('getReply', { path: { replyId: parentReplyId } });
    expect(reply.body).toEqual(first.body);
  });

  test('a parent is a reply to the same post', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const [one, other] = [await post(call, ann, 'one'), await post(call, ann, 'other')];
    const reply = (postId: string, body: object) =>
      call('createReply', { token: ann.token, path: { postId }, body });
    const { replyId } = (await reply(one, { text: 'to one' })).body;
    const strayed = await reply(other, { text: 'to neither', parentReplyId: replyId });
    expect(strayed.body.code).toBe('reply_not_found');
  });

  test('a reply is deleted by its author, and with its post', async () => {
    const { call, server } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const path = { postId: await post(call, ann, 'Say something') };
    const reply = async (text: string) =>
      (await call('createReply', { token: bob.token, path, body: { text } })).body.replyId as string;
    const [gone, left] = [await reply('gone'), await reply('left')];
    const notHers = await call('deleteReply', { token: ann.token, path: { replyId: gone } });
    expect(notHers.body.code).toBe('reply_not_found');
    expect((await call('deleteReply', { token: bob.token, path: { replyId: gone } })).status).toBe(204);
    const unwelcome = await reply('unwelcome');
    const onBob = { token: ann.token, path: { accountId: bob.accountId } };
    await call('blockAccount', onBob);
    const removed = await call('deleteReply', { token: ann.token, path: { replyId: unwelcome } });
    expect(removed.status).toBe(204);
    await call('unblockAccount', onBob);
    expect((await call('getPost', { path })).body.replyCount).toBe(1);
    await call('deletePost', { token: ann.token, path });
    await server.settled();
    expect((await call('getReply', { path: { replyId: left } })).body.code).toBe('reply_not_found');
  });
});

export const likes = suite('likes', (world) => {
  test('liking a post with the id of a reply says so, and vice versa', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const postId = await post(call, { token }, 'A post');
    const { replyId } = (await call('createReply', { token, path: { postId }, body: { text: 'A reply' } }))
      .body;
    const ofPost = await call('likePost', { token, path: { postId: replyId } });
    expect(ofPost.body).toMatchObject({
      code: 'post_not_found',
      detail: `This is the id of a reply, not of a post. Use /v1/replies/${replyId}/like instead.`,
    });
    const ofReply = await call('unlikeReply', { token, path: { replyId: postId } });
    expect(ofReply.body).toMatchObject({
      code: 'reply_not_found',
      detail: `This is the id of a post, not of a reply. Use /v1/posts/${postId}/like instead.`,
    });
  });

  test('a like of a hidden post is listed by its id, and can be undone', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await follow(call, bob, ann);
    const postId = await post(call, ann, 'For followers', 'followers');
    const request = { token: bob.token, path: { postId } };
    await call('likePost', request);
    const mine = async () => (await call('listMyLikes', { token: bob.token })).body.items;
    expect(await mine()).toMatchObject([{ kind: 'post', postId, post: { text: 'For followers' } }]);
    await call('unfollowAccount', { token: bob.token, path: { accountId: ann.accountId } });
    expect(await mine()).toEqual([{ kind: 'post', postId }]);
    expect((await call('unlikePost', request)).body).toEqual({ liked: false, likeCount: 0 });
    expect(await mine()).toEqual([]);
    expect((await call('unlikePost', request)).body.code).toBe('post_not_found');
    expect((await call('getPost', { token: ann.token, path: { postId } })).body.likeCount).toBe(0);
  });

  test('liking and unliking are idempotent', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const request = { token: bob.token, path: { postId: await post(call, ann, 'Like me') } };
    for (let turn = 0; turn < 2; turn++) {
      expect((await call('likePost', request)).body).toEqual({ liked: true, likeCount: 1 });
    }
    expect((await call('getPost', request)).body).toMatchObject({ liked: true, likeCount: 1 });
    const { path } = request;
    expect((await call('getPost', { path })).body).toMatchObject({ liked: false, likeCount: 1 });
    const likers = await call('listPostLikes', { path });
    expect(likers.body.items).toMatchObject([{ accountId: bob.accountId }]);
    const liked = await call('listLikedPosts', { path: { accountId: bob.accountId } });
    expect(textsOf(liked)).toEqual(['Like me']);
    for (let turn = 0; turn < 2; turn++) {
      expect((await call('unlikePost', request)).body).toEqual({ liked: false, likeCount: 0 });
    }
  });

  test('replies are liked like posts', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const { token } = ann;
    const path = { postId: await post(call, ann, 'A post') };
    const { replyId } = (await call('createReply', { token, path, body: { text: 'A reply' } })).body;
    const request = { token, path: { replyId } };
    expect((await call('likeReply', request)).body).toEqual({ liked: true, likeCount: 1 });
    expect((await call('unlikeReply', request)).body).toEqual({ liked: false, likeCount: 0 });
  });
});
