import * as core from '@twite/core/replies/list-replies';
import { type Route, viewerOf } from './route.ts';

export const listReplies: Route<'listReplies'> =
  ({ deps }) =>
  async ({ params, query, ctx }) => ({
    status: 200,
    body: await core.listReplies(deps, viewerOf(ctx), params.postId, query),
  });
