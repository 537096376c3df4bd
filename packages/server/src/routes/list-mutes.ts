import * as core from '@twite/core/mutes/list-mutes';
import { accountIdOf, type Route } from './route.ts';

export const listMutes: Route<'listMutes'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listMutes(deps, accountIdOf(ctx), query),
  });
