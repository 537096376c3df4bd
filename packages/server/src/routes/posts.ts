import { likePost } from '@twite/core/likes/like-post';
import { likeReply } from '@twite/core/likes/like-reply';
import { listLikedPosts } from '@twite/core/likes/list-liked-posts';
import { listMyLikes } from '@twite/core/likes/list-my-likes';
import { listPostLikes } from '@twite/core/likes/list-post-likes';
import { unlikePost } from '@twite/core/likes/unlike-post';
import { unlikeReply } from '@twite/core/likes/unlike-reply';
import { createPost } from '@twite/core/posts/create-post';
import { deletePost } from '@twite/core/posts/delete-post';
import { getPost } from '@twite/core/posts/get-post';
import { listAccountPosts } from '@twite/core/posts/list-account-posts';
import { createReply } from '@twite/core/replies/create-reply';
import { deleteReply } from '@twite/core/replies/delete-reply';
import { getReply } from '@twite/core/replies/get-reply';
import { listReplies } from '@twite/core/replies/list-replies';
import { accountIdOf, type RouteContext, type RoutesOf, resourceIdOf, viewerOf } from './route.ts';

export const postRoutes = ({ deps }: RouteContext): RoutesOf<'posts'> => ({
  createPost: async ({ body, ctx }) => ({
    status: 201,
    body: await createPost(deps, {
      postId: resourceIdOf(ctx),
      authorId: accountIdOf(ctx),
      text: body.text,
      visibility: body.visibility,
      mediaIds: body.mediaIds,
    }),
  }),
  getPost: async ({ params, query, ctx }) => ({
    status: 200,
    body: await getPost(deps, viewerOf(ctx), params.postId, query.include),
  }),
  deletePost: async ({ params, ctx }) => {
    await deletePost(deps, accountIdOf(ctx), params.postId);
    return { status: 204 };
  },
  listAccountPosts: async ({ params, query, ctx }) => ({
    status: 200,
    body: await listAccountPosts(deps, viewerOf(ctx), params.accountId, query),
  }),
  createReply: async ({ params, body, ctx }) => ({
    status: 201,
    body: await createReply(deps, {
      replyId: resourceIdOf(ctx),
      postId: params.postId,
      parentReplyId: body.parentReplyId,
      authorId: accountIdOf(ctx),
      text: body.text,
      mediaIds: body.mediaIds,
    }),
  }),
  listReplies: async ({ params, query, ctx }) => ({
    status: 200,
    body: await listReplies(deps, viewerOf(ctx), params.postId, query),
  }),
  getReply: async ({ params, ctx }) => ({
    status: 200,
    body: await getReply(deps, viewerOf(ctx), params.replyId),
  }),
  deleteReply: async ({ params, ctx }) => {
    await deleteReply(deps, accountIdOf(ctx), params.replyId);
    return { status: 204 };
  },
  likePost: async ({ params, ctx }) => ({
    status: 200,
    body: await likePost(deps, accountIdOf(ctx), params.postId),
  }),
  unlikePost: async ({ params, ctx }) => ({
    status: 200,
    body: await unlikePost(deps, accountIdOf(ctx), params.postId),
  }),
  likeReply: async ({ params, ctx }) => ({
    status: 200,
    body: await likeReply(deps, accountIdOf(ctx), params.replyId),
  }),
  unlikeReply: async ({ params, ctx }) => ({
    status: 200,
    body: await unlikeReply(deps, accountIdOf(ctx), params.replyId),
  }),
  listPostLikes: async ({ params, query, ctx }) => ({
    status: 200,
    body: await listPostLikes(deps, viewerOf(ctx), params.postId, query),
  }),
  listLikedPosts: async ({ params, query, ctx }) => ({
    status: 200,
    body: await listLikedPosts(deps, viewerOf(ctx), params.accountId, query),
  }),
  listMyLikes: async ({ query, ctx }) => ({
    status: 200,
    body: await listMyLikes(deps, accountIdOf(ctx), query),
  }),
});
