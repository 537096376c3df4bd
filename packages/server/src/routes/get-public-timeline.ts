import * as core from '@twite/core/timelines/get-public-timeline';
import { type Route, viewerOf } from './route.ts';

export const getPublicTimeline: Route<'getPublicTimeline'> =
  ({ deps }) =>
  async ({ query, ctx }) => ({
    status: 200,
    body: await core.getPublicTimeline(deps, viewerOf(ctx), query),
  });
