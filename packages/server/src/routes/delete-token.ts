import * as core from '@twite/core/tokens/delete-token';
import { accountIdOf, type Route } from './route.ts';

export const deleteToken: Route<'deleteToken'> =
  ({ deps }) =>
  async ({ params, ctx }) => {
    await core.deleteToken(deps, accountIdOf(ctx), params.tokenId);
    return { status: 204 };
  };
