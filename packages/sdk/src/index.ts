export {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  isTwiteError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TwiteConnectionError,
  TwiteError,
  TwiteInputError,
  TwiteProblemError,
  TwiteProtocolError,
  TwiteTimeoutError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts';
export type * from './generated/client.ts';
export { type OperationId, operations } from './generated/operations.ts';
export type * from './generated/types.ts';
export type { Hooks, RequestEvent, ResponseEvent, RetryEvent } from './hooks.ts';
export type { CallOptions, NoInput, OperationDefinition } from './operation.ts';
export type { Fetch, TwiteOptions } from './options.ts';
export type { Page, PageRequest } from './page.ts';
export type { RateLimit } from './rate-limit.ts';
export type { TwiteCall, TwiteResponse, WithResponse } from './response.ts';
export type { OnSession } from './session-keeper.ts';
export { browserSessionStore, type SessionStore } from './session-store.ts';
export { createTwite, type MediaMethods, type Twite } from './twite.ts';
export type { UploadOptions, UploadProgress, UploadSource, WaitOptions } from './upload/upload-options.ts';
