import { initContract } from '@ts-rest/core';
import { z } from 'zod4';
import { accountPage } from '../entities/account.ts';
import { pageQuery } from '../entities/page.ts';
import {
  likedItemPage,
  likeState,
  mediaIds,
  newText,
  post,
  postPage,
  postWithReplies,
  reply,
  replyPage,
} from '../entities/post.ts';
import { id, visibility } from '../entities/primitives.ts';
import { operation } from '../operation.ts';
import { accountId } from './accounts.ts';

const c = initContract();

export const postId = z.object({ postId: id });
export const replyId = z.object({ replyId: id });

export const posts = {
  createPost: operation({
    method: 'POST',
    path: '/posts',
    summary: 'Publish a post',
    description:
      '`visibility` is `public` or `followers` and cannot be changed later. You can attach up to four uploaded media files. Send an `Idempotency-Key` to make retries safe.',
    service: 'posts',
    priority: 'high',
    body: z
      .strictObject({
        text: newText,
        visibility: visibility.default('public'),
        mediaIds: mediaIds.default([]),
      })
      .meta({ id: 'NewPost' }),
    responses: { 201: post },
    errors: ['media_not_attachable'],
  }),
  getPost: operation({
    method: 'GET',
    path: '/posts/:postId',
    summary: 'Get a post',
    description: '`include=replies` embeds the first page of its replies.',
    service: 'posts',
    auth: 'optional',
    pathParams: postId,
    query: z.object({ include: z.literal('replies').optional() }),
    responses: { 200: postWithReplies },
    errors: ['post_not_found'],
  }),
  deletePost: operation({
    method: 'DELETE',
    path: '/posts/:postId',
    summary: 'Delete one of your posts',
    description:
      'Also deletes its replies, likes and media. You cannot undo this. Returns `post_not_found` for a post of someone else.',
    service: 'posts',
    pathParams: postId,
    responses: { 204: c.noBody() },
    errors: ['post_not_found'],
  }),
  listAccountPosts: operation({
    method: 'GET',
    path: '/accounts/:accountId/posts',
    summary: 'List the posts of an account, newest first',
    description:
      'Returns only posts that you are allowed to see: leaves out followers-only posts unless you follow the account.',
    service: 'posts',
    priority: 'low',
    auth: 'optional',
    pathParams: accountId,
    query: pageQuery,
    responses: { 200: postPage },
    errors: ['account_not_found'],
  }),
  createReply: operation({
    method: 'POST',
    path: '/posts/:postId/replies',
    summary: 'Reply to a post, or to one of its replies',
    description:
      'Everyone who can see the post can see its replies. `parentReplyId` is the reply that you answer; it must belong to the same post. Send an `Idempotency-Key` to make retries safe.',
    service: 'posts',
    priority: 'high',
    pathParams: postId,
    body: z
      .strictObject({ text: newText, parentReplyId: id.optional(), mediaIds: mediaIds.default([]) })
      .meta({ id: 'NewReply' }),
    responses: { 201: reply },
    errors: ['post_not_found', 'reply_not_found', 'media_not_attachable'],
  }),
  listReplies: operation({
    method: 'GET',
    path: '/posts/:postId/replies',
    summary: 'List the replies to a post, oldest first',
    description: 'Leaves out replies of accounts that you block or that block you.',
    service: 'posts',
    priority: 'low',
    auth: 'optional',
    pathParams: postId,
    query: pageQuery,
    responses: { 200: replyPage },
    errors: ['post_not_found'],
  }),
  getReply: operation({
    method: 'GET',
    path: '/replies/:replyId',
    summary: 'Get a reply',
    description: 'Returns `reply_not_found` if you are not allowed to see the reply or its post.',
    service: 'posts',
    auth: 'optional',
    pathParams: replyId,
    responses: { 200: reply },
    errors: ['reply_not_found'],
  }),
  deleteReply: operation({
    method: 'DELETE',
    path: '/replies/:replyId',
    summary: 'Delete one of your replies',
    description:
      'You can also delete replies under your own posts by accounts that you block. You cannot undo this. Returns `reply_not_found` for any other reply.',
    service: 'posts',
    pathParams: replyId,
    responses: { 204: c.noBody() },
    errors: ['reply_not_found'],
  }),
  likePost: operation({
    method: 'PUT',
    path: '/posts/:postId/like',
    summary: 'Like a post',
    description:
      'Liking a post again has no effect. Returns the number of likes, or `post_not_found` if you are not allowed to see the post.',
    service: 'posts',
    pathParams: postId,
    responses: { 200: likeState },
    errors: ['post_not_found'],
  }),
  unlikePost: operation({
    method: 'DELETE',
    path: '/posts/:postId/like',
    summary: 'Unlike a post',
    description:
      'Unliking a post that you do not like has no effect. Returns the number of likes, or 0 if you are no longer allowed to see the post.',
    service: 'posts',
    pathParams: postId,
    responses: { 200: likeState },
    errors: ['post_not_found'],
  }),
  likeReply: operation({
    method: 'PUT',
    path: '/replies/:replyId/like',
    summary: 'Like a reply',
    description:
      'Liking a reply again has no effect. Returns the number of likes, or `reply_not_found` if you are not allowed to see the reply.',
    service: 'posts',
    pathParams: replyId,
    responses: { 200: likeState },
    errors: ['reply_not_found'],
  }),
  unlikeReply: operation({
    method: 'DELETE',
    path: '/replies/:replyId/like',
    summary: 'Unlike a reply',
    description:
      'Unliking a reply that you do not like has no effect. Returns the number of likes, or 0 if you are no longer allowed to see the reply.',
    service: 'posts',
    pathParams: replyId,
    responses: { 200: likeState },
    errors: ['reply_not_found'],
  }),
  listPostLikes: operation({
    method: 'GET',
    path: '/posts/:postId/likes',
    summary: 'List the accounts that like a post, newest like first',
    description: 'Leaves out accounts that you are not allowed to see.',
    service: 'posts',
    priority: 'low',
    auth: 'optional',
    pathParams: postId,
    query: pageQuery,
    responses: { 200: accountPage },
    errors: ['post_not_found'],
  }),
  listLikedPosts: operation({
    method: 'GET',
    path: '/accounts/:accountId/likes',
    summary: 'List the posts that an account likes, newest like first',
    description: 'Returns only posts that you are allowed to see.',
    service: 'posts',
    priority: 'low',
    auth: 'optional',
    pathParams: accountId,
    query: pageQuery,
    responses: { 200: postPage },
    errors: ['account_not_found'],
  }),
  listMyLikes: operation({
    method: 'GET',
    path: '/me/likes',
    summary: 'List the posts and replies that you like, newest like first',
    description:
      'Includes the ids of posts and replies that you are no longer allowed to see, so that you can unlike them.',
    service: 'posts',
    priority: 'low',
    query: pageQuery,
    responses: { 200: likedItemPage },
  }),
};
