import * as core from '@twite/core/posts/create-post';
import { accountIdOf, type Route, resourceIdOf } from './route.ts';

export const createPost: Route<'createPost'> =
  ({ deps }) =>
  async ({ body, ctx }) => ({
    status: 201,
    body: await core.createPost(deps, {
      postId: resourceIdOf(ctx),
      authorId: accountIdOf(ctx),
      text: body.text,
      visibility: body.visibility,
      mediaIds: body.mediaIds,
    }),
  });
