import * as core from '@twite/core/timelines/get-home-timeline';
import { accountIdOf, type Route } from './route.ts';

export const getHomeTimeline: Route<'getHomeTimeline'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.getHomeTimeline(deps, accountIdOf(ctx), query),
  });
