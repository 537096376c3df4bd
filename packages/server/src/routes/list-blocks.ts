import * as core from '@twite/core/blocks/list-blocks';
import { accountIdOf, type Route } from './route.ts';

export const listBlocks: Route<'listBlocks'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listBlocks(deps, accountIdOf(ctx), query),
  });
