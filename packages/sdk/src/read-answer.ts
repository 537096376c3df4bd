import type { UnexpectedAnswer } from './errors.ts';
import { problemError, TwiteConnectionError, TwiteProtocolError } from './errors.ts';
import type { ErrorCode, InputIssue } from './generated/types.ts';
import { type OperationDefinition, operationName } from './operation.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses Retry-After in seconds or as a date. Undefined if missing or invalid. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** The whole body; or the reason if it is too large or not UTF-8. */
async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
  operation: string,
): Promise<{ text: string; fault?: string }> {
  if (response.body === null) return { text: '' };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (bytes > maxBytes) {
        // It does not matter whether the rest can be cancelled: the response is refused either way.
        reader.cancel().catch(() => undefined);
        return { text: '', fault: `is larger than ${maxBytes} bytes` };
      }
      chunks.push(value);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new TwiteConnectionError(`${operation}: the connection broke in the middle of the answer.`, {
      cause,
    });
  }
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(whole) };
  } catch {
    return { text: '', fault: 'is not UTF-8' };
  }
}

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function isIssue(value: unknown): value is InputIssue {
  return isObject(value) && ['in', 'path', 'code', 'message'].every((key) => typeof value[key] === 'string');
}

/** What is wrong with a value as the answer of this operation. Undefined if nothing is. */
function faultOf(definition: OperationDefinition, value: unknown): string | undefined {
  if (!isObject(value)) return 'is not a JSON object';
  if (definition.answer !== 'page') return undefined;
  if (!Array.isArray(value.items)) return 'is a page without items';
  if (value.nextCursor !== null && typeof value.nextCursor !== 'string')
    return 'is a page without nextCursor';
  return undefined;
}

export interface ReadOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Returns the value that the operation answered. Throws its problem, or TwiteProtocolError for anything else. */
export async function readAnswer(
  definition: OperationDefinition,
  response: Response,
  { maxBytes, signal, now }: ReadOptions,
): Promise<unknown> {
  const { text, fault } = await readBody(response, maxBytes, signal, operationName(definition));
  const answer: UnexpectedAnswer = {
    status: response.status,
    bodyStart: text.slice(0, 500),
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: parseRetryAfter(response.headers.get('retry-after'), now),
  };
  const unexpected = (what: string, cause?: unknown): TwiteProtocolError =>
    new TwiteProtocolError(
      `${operationName(definition)} was answered with ${response.status}, and the body ${what}.`,
      answer,
      cause === undefined ? undefined : { cause },
    );

  // Browsers report a redirect that is not followed as status 0.
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    throw new TwiteProtocolError(
      `${operationName(definition)} was answered with a redirect. Check baseUrl.`,
      answer,
    );
  }
  if (fault !== undefined) throw unexpected(fault);
  const succeeded = response.status === definition.status;
  if (succeeded && definition.answer === 'nothing') return undefined;

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unexpected('is not JSON', cause);
  }
  if (succeeded) {
    const wrong = faultOf(definition, value);
    if (wrong !== undefined) throw unexpected(wrong);
    return value;
  }
  if (response.ok) throw unexpected(`came with a status other than ${definition.status}`);
  const code = isObject(value) ? asString(value.code) : undefined;
  if (!isObject(value) || code === undefined) throw unexpected('is not a problem');
  throw problemError({
    operation: definition,
    status: response.status,
    code: code as ErrorCode,
    title: asString(value.title) ?? code,
    detail: asString(value.detail) ?? code,
    requestId: asString(value.requestId) ?? answer.requestId,
    errors: Array.isArray(value.errors) ? value.errors.filter(isIssue) : [],
    retryAfterSeconds: answer.retryAfterSeconds,
  });
}
