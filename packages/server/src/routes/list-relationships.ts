import * as core from '@twite/core/follows/list-relationships';
import { accountIdOf, type Route } from './route.ts';

export const listRelationships: Route<'listRelationships'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listRelationships(deps, accountIdOf(ctx), query.accountIds),
  });
