import * as core from '@twite/core/tokens/create-token';
import { principalOf, type Route, resourceIdOf } from './route.ts';

export const createToken: Route<'createToken'> =
  ({ deps }) =>
  async ({ body, ctx }) => ({
    status: 201,
    body: await core.createToken(deps, principalOf(ctx), { tokenId: resourceIdOf(ctx), ...body }),
  });
