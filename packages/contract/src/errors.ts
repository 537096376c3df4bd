/** One row of the error table: the meaning and presentation of a code. */
export interface ErrorDefinition {
  /** The HTTP status of every response with this code. */
  readonly status: number;
  /** Short and constant: the kind of problem. */
  readonly title: string;
  /** What happened and how to fix it, unless the thrower gives a more specific detail. */
  readonly detail: string;
}

const table = <T extends Record<string, ErrorDefinition>>(rows: T): Readonly<T> => Object.freeze(rows);

/**
 * The closed table of error codes. A problem's `code` is always one of its keys, and its `status` and `title` are
 * always those of the row. Clients may switch over `code`; new codes come with a minor version.
 */
export const errorTable = table({
  malformed_json: {
    status: 400,
    title: 'Malformed JSON',
    detail: 'The body is not valid JSON in UTF-8. Check quotes, commas and the encoding.',
  },
  malformed_form: {
    status: 400,
    title: 'Malformed form',
    detail:
      'The body is not a complete multipart/form-data form. Check the boundary, and that the whole body was sent.',
  },
  malformed_path: {
    status: 400,
    title: 'Malformed path',
    detail: 'The path contains a percent sign that does not begin a valid UTF-8 escape.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    detail: 'This operation needs an account: send `Authorization: Bearer <access token>`.',
  },
  invalid_token: {
    status: 401,
    title: 'Invalid token',
    detail: 'The token is unknown, expired or revoked. Refresh the session or sign in again.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Incorrect handle or password',
    detail: 'The handle or the password is incorrect.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Insufficient scope',
    detail: 'The token lacks the scope that this operation needs. Create one that has it.',
  },
  insufficient_role: {
    status: 403,
    title: 'Insufficient role',
    detail: 'The account lacks the role that this operation needs. An admin can grant it.',
  },
  session_required: {
    status: 403,
    title: 'Session required',
    detail: 'A personal access token cannot do this. Sign in with the password of the account.',
  },
  wrong_password: {
    status: 403,
    title: 'Wrong password',
    detail: 'The current password is incorrect. Nothing was changed.',
  },
  account_suspended: {
    status: 403,
    title: 'Account suspended',
    detail: 'This account is suspended. Contact the administrators of this instance.',
  },
  blocked: {
    status: 403,
    title: 'Blocked',
    detail: 'One of these accounts blocks the other, so neither can follow the other.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'There is no operation at this path. See /docs for all operations.',
  },
  account_not_found: {
    status: 404,
    title: 'Account not found',
    detail: 'The account does not exist, or you are not allowed to see it.',
  },
  post_not_found: {
    status: 404,
    title: 'Post not found',
    detail: 'The post does not exist, or you are not allowed to see it.',
  },
  reply_not_found: {
    status: 404,
    title: 'Reply not found',
    detail: 'The reply does not exist, or you are not allowed to see it.',
  },
  media_not_found: {
    status: 404,
    title: 'Media not found',
    detail: 'The media file does not exist, or you are not allowed to see it.',
  },
  session_not_found: {
    status: 404,
    title: 'Session not found',
    detail: 'Your account has no session with this id.',
  },
  token_not_found: {
    status: 404,
    title: 'Token not found',
    detail: 'Your account has no token with this id.',
  },
  public_timeline_off: {
    status: 404,
    title: 'Public timeline is off',
    detail: 'The operator of this instance turned the public timeline off.',
  },
  queue_not_found: {
    status: 404,
    title: 'Queue not found',
    detail: 'No queue has this name. GET /v1/admin/queues lists all queues.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path does not support this method. The Allow header lists the methods that it supports.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    detail: 'The body did not arrive in time, so the connection is closed. Send the request again.',
  },
  handle_taken: {
    status: 409,
    title: 'Handle taken',
    detail: 'Another account has this handle. Choose another.',
  },
  handle_reserved: {
    status: 409,
    title: 'Handle reserved',
    detail: 'This handle is reserved on this instance. Choose another.',
  },
  idempotency_in_flight: {
    status: 409,
    title: 'Request in flight',
    detail: 'A request with this Idempotency-Key is still in progress. Try again in a moment.',
  },
  answer_revoked: {
    status: 409,
    title: 'Response revoked',
    detail:
      'The first response to this Idempotency-Key contained a secret that has since been replaced, used or revoked. Use a new key.',
  },
  media_attached: {
    status: 409,
    title: 'Media attached',
    detail:
      'The media file is attached to a post, a reply or your account. Delete the post or reply, or choose another picture, instead.',
  },
  last_admin: {
    status: 409,
    title: 'Last admin',
    detail: 'This is the only admin. Make another account an admin first.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    detail: 'The body is larger than this instance accepts. See the limits in GET /v1/instance.',
  },
  media_too_large: {
    status: 413,
    title: 'File too large',
    detail: 'The file is larger than this instance accepts. See the limits in GET /v1/instance.',
  },
  unsupported_media: {
    status: 415,
    title: 'Unsupported file',
    detail:
      'The file is not an image or video that this instance accepts: JPEG, PNG, WebP, GIF, AVIF, MP4 (H.264, AAC) or WebM.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail:
      'Send the body as `Content-Type: application/json`, an upload as `multipart/form-data`, without content encoding.',
  },
  invalid_input: {
    status: 422,
    title: 'Invalid input',
    detail: 'Some fields are invalid. See `errors` for details.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency-Key already used',
    detail: 'This Idempotency-Key was used with a different request. Use a new key for each request.',
  },
  media_dimensions: {
    status: 422,
    title: 'Dimensions too large',
    detail:
      'The file has more pixels, frames or seconds than this instance accepts. See the limits in GET /v1/instance.',
  },
  media_invalid: {
    status: 422,
    title: 'File cannot be read',
    detail:
      'The file is damaged or takes too long to process. Save it with another program and upload it again.',
  },
  media_not_attachable: {
    status: 422,
    title: 'Media cannot be attached',
    detail:
      'Some of the media files do not exist, belong to another account, failed to process, or are already attached. Upload them again.',
  },
  media_quota_exceeded: {
    status: 422,
    title: 'Media quota exceeded',
    detail:
      'The file exceeds the storage quota of your account. Delete media, or posts with media. See the quota in GET /v1/instance.',
  },
  too_many_tokens: {
    status: 422,
    title: 'Too many tokens',
    detail:
      'Your account has the maximum number of personal access tokens. Delete one that you no longer need.',
  },
  too_many_follows: {
    status: 422,
    title: 'Too many follows',
    detail:
      'You follow the maximum number of accounts (`limits.followsPerAccountMax` in GET /v1/instance). Unfollow an account first.',
  },
  too_many_blocks: {
    status: 422,
    title: 'Too many blocks',
    detail:
      'You block the maximum number of accounts (`limits.blocksPerAccountMax` in GET /v1/instance). Unblock an account first.',
  },
  too_many_mutes: {
    status: 422,
    title: 'Too many mutes',
    detail:
      'You mute the maximum number of accounts (`limits.mutesPerAccountMax` in GET /v1/instance). Unmute an account first.',
  },
  self_action: {
    status: 422,
    title: 'Cannot target yourself',
    detail: 'You cannot do this to your own account.',
  },
  invalid_reset_token: {
    status: 422,
    title: 'Invalid reset link',
    detail: 'This link was used, replaced by a newer one, or has expired. Ask an admin for a new link.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'You exceeded the rate limit. Wait for the number of seconds in Retry-After.',
  },
  upload_rate_limited: {
    status: 429,
    title: 'Too many uploads',
    detail: 'You exceeded the rate limit for uploads. Wait for the number of seconds in Retry-After.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail:
      'Something went wrong on the server. If it happens again, report the `requestId` to the administrators.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    detail: 'The server is overloaded. Wait for the number of seconds in Retry-After.',
  },
  storage_full: {
    status: 503,
    title: 'Storage full',
    detail:
      'The server is out of disk space, so nothing was saved. Reads still work. Wait for the number of seconds in Retry-After.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    detail: 'The server is stopping, or a service that it needs is unavailable. Try again in a moment.',
  },
});

/** Every code of a problem. */
export type ErrorCode = keyof typeof errorTable;

/** All codes, in the order of the table. */
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** One invalid place in the input. `path` is dotted (`entities.0.start`), or empty for the whole input. */
export interface InputIssue {
  readonly in: 'path' | 'query' | 'headers' | 'body';
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Optional details that a thrower may add to a code. */
export interface ContractErrorOptions {
  /** Replaces the table's detail. Must not contain secrets or anything that the viewer may not see. */
  readonly detail?: string;
  /** For `invalid_input`; for uploads, the file that was refused. */
  readonly errors?: readonly InputIssue[];
  /** Whole seconds after which to retry. Sent as the Retry-After header. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error that is an answer: thrown by the product, sent to the client as an RFC 9457 problem. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: readonly InputIssue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: ContractErrorOptions = {}) {
    const row = errorTable[code];
    super(options.detail ?? row.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = row.status;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** An `invalid_input` error for one field of the body. */
export const invalidField = (path: string, code: string, message: string): ContractError =>
  new ContractError('invalid_input', { errors: [{ in: 'body', path, code, message }] });
