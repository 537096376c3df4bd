import { ContractError, type ErrorCode, errorTable, type InputIssue, type Problem } from '@twite/contract';
import { type ResponseHeaders, raw, type TsRestKoaProblemKind } from 'ts-rest-koa';
import type { ReadyResponse } from './send-response.ts';

/** The public code of each problem of the adapter. */
export const codeOfKind = {
  not_found: 'not_found',
  method_not_allowed: 'method_not_allowed',
  malformed_path: 'malformed_path',
  malformed_json: 'malformed_json',
  unsupported_media_type: 'unsupported_media_type',
  payload_too_large: 'payload_too_large',
  body_timeout: 'request_timeout',
  invalid_input: 'invalid_input',
  undeclared_status: 'internal_error',
  internal: 'internal_error',
} as const satisfies Record<TsRestKoaProblemKind, ErrorCode>;

const challenges: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'Bearer',
  invalid_credentials: 'Bearer',
  invalid_token: 'Bearer error="invalid_token"',
};

// These contain the client's keys and values: the answer must not grow with them.
const textMax = 200;
const cut = (text: string): string => (text.length <= textMax ? text : `${text.slice(0, textMax)}…`);

/** The public part of an error. It need not be thrown: creating an `Error` costs more than the answer. */
export type ToldError = Pick<ContractError, 'code' | 'status' | 'message' | 'errors' | 'retryAfterSeconds'>;

/** A problem of RFC 9457 ready to send: status, headers and JSON. */
export function problemResponse(error: ToldError, requestId: string): ReadyResponse {
  const { code, status, errors, retryAfterSeconds } = error;
  const problem: Problem = {
    type: `/docs#${code}`,
    title: errorTable[code].title,
    status,
    detail: error.message,
    code,
    requestId,
    ...(errors === undefined ? {} : { errors: errors.map(shortened) }),
  };
  const wait = retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  const headers: ResponseHeaders = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    // The body is still arriving, too slowly to wait for.
    ...(status === 408 ? { connection: 'close' } : {}),
    ...(status === 401 ? { 'www-authenticate': challenges[code] ?? 'Bearer' } : {}),
    ...(wait === undefined ? {} : { 'retry-after': Math.max(1, Math.ceil(wait)) }),
  };
  return { status, headers, body: raw(JSON.stringify(problem)) };
}

const shortened = ({ in: location, path, code, message }: InputIssue): InputIssue => ({
  in: location,
  path: cut(path),
  code,
  message: cut(message),
});

/** A problem with only the content of its row in the table. */
export const plainProblem = (code: ErrorCode, requestId: string): ReadyResponse =>
  problemResponse(new ContractError(code), requestId);
