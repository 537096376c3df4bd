import * as core from '@twite/core/likes/list-my-likes';
import { accountIdOf, type Route } from './route.ts';

export const listMyLikes: Route<'listMyLikes'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({ status: 200, body: await core.listMyLikes(deps, accountIdOf(ctx), query) });
