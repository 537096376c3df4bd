import * as core from '@twite/core/mutes/set-mute';
import { accountIdOf, type Route } from './route.ts';

export const listMutes: Route<'listMutes'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listMutes(deps, accountIdOf(ctx), query),
  });
