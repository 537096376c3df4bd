import type { Contract } from '@twite/contract';
import type { RouterHandlers } from 'ts-rest-koa';
import type { RequestState } from '../http/request-state.ts';
import { accountRoutes } from './accounts.ts';
import { adminRoutes } from './admin.ts';
import { mediaRoutes } from './media.ts';
import { postRoutes } from './posts.ts';
import type { RouteContext } from './route.ts';
import { sessionRoutes } from './sessions.ts';
import { socialRoutes } from './social.ts';

/** A handler for every operation: omitting one does not compile. */
export const makeHandlers = (context: RouteContext): RouterHandlers<Contract, RequestState> => ({
  ...accountRoutes(context),
  ...sessionRoutes(context),
  ...postRoutes(context),
  ...mediaRoutes(context),
  ...socialRoutes(context),
  ...adminRoutes(context),
});
