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
    summary: 'Write a post',
    description:
      '`visibility` is `public` or `followers`, and cannot be changed later. Attach up to four media that you uploaded before. Send an `Idempotency-Key` to make a retry safe.',
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
    summary: 'Read a post',
    description: '`include=replies` binds the first page of its replies.',
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
    summary: 'Delete a post of yours',
    description:
      'Its replies, likes and media go with it. This cannot be undone. A post of someone else answers `post_not_found`.',
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
      'Only posts that you may see: posts for followers are left out unless you follow the author.',
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
      'Everyone who may see the post may see its replies. `parentReplyId` names a reply to the same post. Send an `Idempotency-Key` to make a retry safe.',
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
    description: 'Replies of accounts that you block, or that block you, are left out.',
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
    summary: 'Read a reply',
    description: 'Answers `reply_not_found` when you may not see the reply or the post that it belongs to.',
    service: 'posts',
    auth: 'optional',
    pathParams: replyId,
    responses: { 200: reply },
    errors: ['reply_not_found'],
  }),
  deleteReply: operation({
    method: 'DELETE',
    path: '/replies/:replyId',
    summary: 'Delete a reply of yours',
    description:
      'Also deletes a reply by someone whom you block, under a post of yours. This cannot be undone. A reply that you may not delete answers `reply_not_found`.',
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
      'Liking a post twice changes nothing. Answers the number of likes as you see it. A post that you may not see answers `post_not_found`.',
    service: 'posts',
    pathParams: postId,
    responses: { 200: likeState },
    errors: ['post_not_found'],
  }),
  unlikePost: operation({
    method: 'DELETE',
    path: '/posts/:postId/like',
    summary: 'Take back a like of a post',
    description:
      'Taking back a like that is not there changes nothing. Answers the number of likes as you see it: 0 if you may no longer see the post.',
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
      'Liking a reply twice changes nothing. Answers the number of likes as you see it. A reply that you may not see answers `reply_not_found`.',
    service: 'posts',
    pathParams: replyId,
    responses: { 200: likeState },
    errors: ['reply_not_found'],
  }),
  unlikeReply: operation({
    method: 'DELETE',
    path: '/replies/:replyId/like',
    summary: 'Take back a like of a reply',
    description:
      'Taking back a like that is not there changes nothing. Answers the number of likes as you see it: 0 if you may no longer see the reply.',
    service: 'posts',
    pathParams: replyId,
    responses: { 200: likeState },
    errors: ['reply_not_found'],
  }),
  listPostLikes: operation({
    method: 'GET',
    path: '/posts/:postId/likes',
    summary: 'List who likes a post, newest like first',
    description: 'Accounts that you may not see are left out.',
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
    description: 'Only posts that you may see.',
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
      'Also those that you may no longer see, by their ids alone, so that you can take back every like.',
    service: 'posts',
    priority: 'low',
    query: pageQuery,
    responses: { 200: likedItemPage },
  }),
};
