import type { CallScope } from './deadline.ts';
import type { EncodedRequest } from './encode-request.ts';
import { TwiteConnectionError, TwiteInputError } from './errors.ts';
import type { OperationId } from './generated/operations.ts';
import { type OperationDefinition, operationName } from './operation.ts';
import type { Settings } from './options.ts';
import { readAnswer } from './read-answer.ts';
import { responseOf, type WithResponse } from './response.ts';
import { withRetries } from './retry.ts';
import type { UploadBody } from './upload/upload-body.ts';

/** An operation that is ready to send. All attempts share its key. */
export interface PreparedRequest extends Omit<EncodedRequest, 'body'> {
  readonly definition: OperationDefinition;
  /** JSON, or files that are read while they are sent. */
  readonly body: string | UploadBody | undefined;
  readonly idempotencyKey: string | undefined;
}

/** 128 random bits. Not crypto.randomUUID, which browsers do not offer on pages served over plain HTTP. */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** Whether it is safe and possible to send it again. A stream can be read only once. */
export const isRepeatable = ({ definition, idempotencyKey, body }: PreparedRequest): boolean =>
  (definition.idempotent || idempotencyKey !== undefined) &&
  (typeof body !== 'object' || body.isRepeatable());

function headersOf(
  request: PreparedRequest,
  token: string | undefined,
  userAgent: string | undefined,
): Headers {
  const entries: Record<string, string | undefined> = {
    accept: 'application/json, application/problem+json',
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    ...(typeof request.body === 'object'
      ? request.body.headers
      : { 'content-type': request.body === undefined ? undefined : 'application/json' }),
    'idempotency-key': request.idempotencyKey,
    'user-agent': userAgent,
  };
  const headers = new Headers();
  for (const [name, value] of Object.entries(entries)) {
    if (value === undefined) continue;
    try {
      headers.set(name, value);
    } catch {
      // Omits the cause, whose message may quote a token.
      throw new TwiteInputError(`The ${name} header cannot carry what was given for it.`);
    }
  }
  return headers;
}

/**
 * Browsers do not tell scripts why a request failed. A cross-origin request often fails because the server does not
 * allow it.
 */
function hintAtCors(baseUrl: string): string {
  const { location } = globalThis as { readonly location?: { readonly origin: string } };
  return location === undefined || location.origin === new URL(baseUrl).origin
    ? ''
    : ` The server may be down, or not allow this page (CORS): set TWITE_CORS_ORIGINS=${location.origin} there.`;
}

/** Sends with this token, and retries where that is safe. Resolves to the answer. */
export async function sendRequest(
  settings: Settings,
  request: PreparedRequest,
  token: string | undefined,
  scope: CallScope,
): Promise<WithResponse<unknown>> {
  const { definition } = request;
  const { hooks } = settings;
  const operationId = definition.id as OperationId;
  const upload = typeof request.body === 'object' ? request.body : undefined;
  const { signal } = scope;
  const url = `${settings.baseUrl}${request.target}`;

  const once = async (index: number): Promise<WithResponse<unknown>> => {
    const headers = headersOf(request, token, settings.userAgent);
    const event = { operationId, method: definition.method, url, attempt: index + 1, headers };
    await hooks.onRequest?.(event);
    const sentAt = settings.now();
    let response: Response;
    const body = upload ? upload.open(scope) : (request.body as string | undefined);
    try {
      // A redirect would lose the token or turn a POST into a GET, so it is read as an answer, not followed.
      const init: RequestInit = { method: definition.method, headers, signal, redirect: 'manual' };
      response = await settings.fetch(url, body === undefined ? init : { ...init, body, ...upload?.init });
    } catch (cause) {
      signal.throwIfAborted();
      const fault = upload?.fault();
      if (fault) throw fault.error;
      throw new TwiteConnectionError(
        `${operationName(definition)} got no answer from ${settings.baseUrl}.${hintAtCors(settings.baseUrl)}`,
        { cause },
      );
    }
    const now = settings.now();
    const told = responseOf(response);
    await hooks.onResponse?.({ ...event, response: told, durationMs: now - sentAt });
    const data = await readAnswer(definition, response, { maxBytes: settings.maxAnswerBytes, signal, now });
    return { data, response: told };
  };

  return withRetries(
    settings.retry,
    scope,
    once,
    () => isRepeatable(request),
    (error, index, waitMs) => hooks.onRetry?.({ operationId, attempt: index + 1, error, waitMs }),
  );
}
