import type { CallScope } from './deadline.ts';
import type { EncodedRequest } from './encode-request.ts';
import { TwiteConnectionError, TwiteInputError } from './errors.ts';
import type { OperationDefinition } from './operation.ts';
import type { Settings } from './options.ts';
import { readAnswer } from './read-answer.ts';
import { withRetries } from './retry.ts';
import type { UploadBody } from './upload/upload-body.ts';

/** An operation, ready to be sent: its key is the same in all tries. */
export interface PreparedRequest extends Omit<EncodedRequest, 'body'> {
  readonly definition: OperationDefinition;
  /** JSON, or files that are read while they are sent. */
  readonly body: string | UploadBody | undefined;
  readonly idempotencyKey: string | undefined;
}

/** 128 random bits. Not crypto.randomUUID, which browsers keep from pages served over plain HTTP. */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** Whether it is safe and possible to send it again: a stream can be read once. */
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
      // Without the cause, whose message may quote a token.
      throw new TwiteInputError(`The ${name} header cannot carry what was given for it.`);
    }
  }
  return headers;
}

/** Sends with this token, and again where that is safe; resolves to what was answered. */
export async function sendRequest(
  settings: Settings,
  request: PreparedRequest,
  token: string | undefined,
  scope: CallScope,
): Promise<unknown> {
  const { definition } = request;
  const upload = typeof request.body === 'object' ? request.body : undefined;
  const { signal } = scope;
  const url = `${settings.baseUrl}${request.target}`;
  const headers = headersOf(request, token, settings.userAgent);

  const once = async (): Promise<unknown> => {
    let response: Response;
    const body = upload ? upload.open(scope) : (request.body as string | undefined);
    try {
      // A redirect would lose the token or turn a POST into a GET: the answer is read, not followed.
      const init: RequestInit = { method: definition.method, headers, signal, redirect: 'manual' };
      response = await settings.fetch(url, body === undefined ? init : { ...init, body, ...upload?.init });
    } catch (cause) {
      signal.throwIfAborted();
      const fault = upload?.fault();
      if (fault) throw fault.error;
      throw new TwiteConnectionError(`${definition.id} got no answer from ${settings.baseUrl}.`, { cause });
    }
    return readAnswer(definition, response, {
      maxBytes: settings.maxAnswerBytes,
      signal,
      now: settings.now(),
    });
  };

  return withRetries(settings.retry, scope, once, () => isRepeatable(request));
}
