import * as core from '@twite/core/tokens/list-tokens';
import { accountIdOf, type Route } from './route.ts';

export const listTokens: Route<'listTokens'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listTokens(deps, accountIdOf(ctx), query),
  });
