/** One row of the error table: what a code means and how it is told. */
export interface ErrorDefinition {
  /** HTTP status, the same wherever the code is answered. */
  readonly status: number;
  /** Short and constant: what kind of problem this is. */
  readonly title: string;
  /** What happened and what to do about it, unless the thrower says it more precisely. */
  readonly detail: string;
}

const table = <T extends Record<string, ErrorDefinition>>(rows: T): Readonly<T> => Object.freeze(rows);

/**
 * The closed table of error codes. A problem's `code` is always one of its keys, its `status` and `title` are always
 * that row's. Clients may switch over `code`; new codes come with a minor version.
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
      'The body is not a complete multipart/form-data form. Check its boundary and that all of it was sent.',
  },
  malformed_path: {
    status: 400,
    title: 'Malformed path',
    detail: 'The path holds a percent sign that is not followed by two hexadecimal digits of valid UTF-8.',
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
    title: 'Wrong handle or password',
    detail: 'No account has this handle with this password.',
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
    detail: 'The current password is not right; nothing was changed.',
  },
  account_suspended: {
    status: 403,
    title: 'Account suspended',
    detail: 'This account is suspended. Ask the administrators of this instance.',
  },
  blocked: {
    status: 403,
    title: 'Blocked',
    detail: 'One of the two accounts blocks the other, so neither can follow.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'No operation has this path. The list is at /docs.',
  },
  account_not_found: {
    status: 404,
    title: 'Account not found',
    detail: 'There is no such account, or you may not see it.',
  },
  post_not_found: {
    status: 404,
    title: 'Post not found',
    detail: 'There is no such post, or you may not see it.',
  },
  reply_not_found: {
    status: 404,
    title: 'Reply not found',
    detail: 'There is no such reply, or you may not see it.',
  },
  media_not_found: {
    status: 404,
    title: 'Media not found',
    detail: 'There is no such medium, or you may not see it.',
  },
  session_not_found: {
    status: 404,
    title: 'Session not found',
    detail: 'The account has no such session.',
  },
  token_not_found: { status: 404, title: 'Token not found', detail: 'The account has no such token.' },
  public_timeline_off: {
    status: 404,
    title: 'Public timeline is off',
    detail: 'The operator of this instance turned the public timeline off.',
  },
  queue_not_found: {
    status: 404,
    title: 'Queue not found',
    detail: 'There is no such queue. GET /v1/admin/queues lists those there are.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path exists, but not with this method. The Allow header lists those it has.',
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
    detail: 'Nobody can sign up under this handle on this instance. Choose another.',
  },
  idempotency_in_flight: {
    status: 409,
    title: 'Request in flight',
    detail: 'A request with this Idempotency-Key is still being worked on. Ask again in a moment.',
  },
  answer_revoked: {
    status: 409,
    title: 'Answer revoked',
    detail:
      'The first answer to this Idempotency-Key contained a secret that has been replaced, used up or revoked since. Use a new key.',
  },
  media_attached: {
    status: 409,
    title: 'Media attached',
    detail:
      'The medium is attached to a post, a reply or your account. Delete that, or remove it there, instead.',
  },
  last_admin: {
    status: 409,
    title: 'Last admin',
    detail: 'This is the only admin. Make another one first.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    detail: 'The body is larger than this instance accepts; GET /v1/instance tells the limit.',
  },
  media_too_large: {
    status: 413,
    title: 'File too large',
    detail: 'The file has more bytes than this instance accepts; GET /v1/instance publishes the limits.',
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
    detail: 'Some of the input is not valid; `errors` lists every place.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency-Key used before',
    detail: 'This Idempotency-Key came with another request before. Use a new key for a new request.',
  },
  media_dimensions: {
    status: 422,
    title: 'Dimensions too large',
    detail:
      'The file has more pixels, frames or seconds than this instance accepts; GET /v1/instance publishes the limits.',
  },
  media_invalid: {
    status: 422,
    title: 'File cannot be read',
    detail:
      'The file is damaged, or takes too long to process. Save it again with another program, then upload it.',
  },
  media_not_attachable: {
    status: 422,
    title: 'Media cannot be attached',
    detail:
      'Some of the media are not yours, do not exist, failed, or are attached to something else. Upload them again.',
  },
  media_quota_exceeded: {
    status: 422,
    title: 'Media quota exceeded',
    detail:
      'Your account has no room left for this file. Delete media or posts with media; GET /v1/instance publishes the quota.',
  },
  too_many_tokens: {
    status: 422,
    title: 'Too many tokens',
    detail: 'The account has as many personal access tokens as it may have. Delete one that is not needed.',
  },
  too_many_follows: {
    status: 422,
    title: 'Too many follows',
    detail:
      'You follow as many accounts as one account may: `limits.followsPerAccountMax` of GET /v1/instance. Unfollow one first.',
  },
  too_many_blocks: {
    status: 422,
    title: 'Too many blocks',
    detail:
      'You block as many accounts as one account may: `limits.blocksPerAccountMax` of GET /v1/instance. Unblock one first.',
  },
  too_many_mutes: {
    status: 422,
    title: 'Too many mutes',
    detail:
      'You mute as many accounts as one account may: `limits.mutesPerAccountMax` of GET /v1/instance. Unmute one first.',
  },
  self_action: {
    status: 422,
    title: 'Not on yourself',
    detail: 'This cannot be done to your own account.',
  },
  invalid_reset_token: {
    status: 422,
    title: 'Invalid reset link',
    detail: 'This link was used, was replaced by a newer one, or has expired. Ask an admin for a new one.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'The rate limit is used up. Retry-After tells how many seconds to wait.',
  },
  upload_rate_limited: {
    status: 429,
    title: 'Too many uploads',
    detail: 'The rate limit for uploads is used up. Retry-After tells how many seconds to wait.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something broke on our side. The log has it under this requestId.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    detail: 'Too much is being worked on right now. Retry-After tells how many seconds to wait.',
  },
  storage_full: {
    status: 503,
    title: 'Storage full',
    detail:
      'The server has no disk space left, so nothing was written. Reads still work. Retry-After tells how many seconds to wait.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    detail: 'The server is stopping or its store is away. Try again shortly.',
  },
});

/** Every code that a problem can carry. */
export type ErrorCode = keyof typeof errorTable;

/** All codes, in the order of the table. */
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** One place in the input that is not valid. `path` is dotted (`entities.0.start`), empty for the whole. */
export interface InputIssue {
  readonly in: 'path' | 'query' | 'headers' | 'body';
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** What a thrower may add to a code. */
export interface ContractErrorOptions {
  /** Said instead of the table's detail: must not hold secrets or what the viewer may not see. */
  readonly detail?: string;
  /** For `invalid_input`, and for uploads: which file is refused. */
  readonly errors?: readonly InputIssue[];
  /** Whole seconds after which to try again; becomes the Retry-After header. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error that is an answer: thrown by the product, told to the client as a problem of RFC 9457. */
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

/** An `invalid_input` about one field of the body. */
export const invalidField = (path: string, code: string, message: string): ContractError =>
  new ContractError('invalid_input', { errors: [{ in: 'body', path, code, message }] });
