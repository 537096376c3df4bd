export type {
  AnyResponse,
  ContractMetadata,
  HandlerInput,
  ResponseHeaders,
  RouteHandler,
  RouteResponse,
  RouterHandlers,
  StreamBody,
} from './contract-types.ts';
export { createKoaMiddleware } from './create-koa-middleware.ts';
export { weakEtag } from './etag.ts';
export type {
  AfterBodyHook,
  AnyInput,
  Around,
  BeforeBodyHook,
  BodyContent,
  BodyReader,
  KoaMiddlewareOptions,
  LogEvent,
} from './options.ts';
export {
  type Issue,
  type IssueLocation,
  problemStatuses,
  type TsRestKoaProblem,
  type TsRestKoaProblemKind,
} from './problem.ts';
export { type RawBody, raw } from './raw-body.ts';
export { discardBody, endAnswer, hasBody } from './request-body.ts';
export type { Operation, RequestContext } from './request-context.ts';
export { createRouteTable, type RouteMatch, type RouteTable } from './route-table.ts';
