import * as core from '@twite/core/sessions/list-sessions';
import { accountIdOf, principalOf, type Route } from './route.ts';

export const listSessions: Route<'listSessions'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.listSessions(deps, accountIdOf(ctx), principalOf(ctx).sessionId, query),
  });
