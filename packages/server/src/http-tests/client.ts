import { contract, type OperationId, problem } from '@twite/contract';
import { expect } from 'vitest';

/** The parameters of an operation's request. */
export interface Request {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** Sent instead of JSON. */
  readonly form?: FormData;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it; checked against the contract
  readonly body: any;
  readonly headers: Headers;
}

interface Validator {
  readonly '~standard': {
    validate(value: unknown): { readonly value: unknown } | { readonly issues: readonly unknown[] };
  };
}

/** The release of a server: an older one may omit fields that were added to the contract since. */
export type Release = 'this' | 'previous';

/** Fails unless the status is declared and the body matches the contract, with nothing more in it. */
export function expectDeclared(
  operationId: OperationId,
  { status, body, headers }: Answer,
  release: Release = 'this',
): void {
  const { responses, metadata } = contract[operationId];
  const schema = (responses as Record<number, unknown>)[status];
  expect(schema, `${operationId} answered ${status} ${JSON.stringify(body)}`).toBeDefined();
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
  if (status >= 400) {
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body.requestId).toBe(headers.get('x-request-id'));
    expect(metadata.errors, `${operationId} answered ${JSON.stringify(body)}`).toContain(body.code);
    expect(body.status).toBe(status);
  }
  if (body === undefined || (release === 'previous' && status < 400)) return;
  const result = ((status >= 400 ? problem : schema) as Validator)['~standard'].validate(body);
  expect(result, `${operationId} answered ${JSON.stringify(body)}`).not.toHaveProperty('issues');
  // A schema drops unknown fields.
  expect((result as { value: unknown }).value).toEqual(body);
}

/** Sends bytes unchanged. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

export const pathOf = (operationId: OperationId, { path = {}, query = {} }: Request = {}): string => {
  const filled = contract[operationId].path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  return search.size === 0 ? filled : `${filled}?${search}`;
};

/** Calls one operation; every answer is checked against the contract. */
export type Call = (operationId: OperationId, request?: Request) => Promise<Answer>;

export const makeCall =
  (url: string, release: Release = 'this'): Call =>
  async (operationId, request = {}) => {
    const { token, body, form, headers } = request;
    const answer = await send(`${url}${pathOf(operationId, request)}`, {
      method: contract[operationId].method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(form === undefined ? {} : { body: form }),
    });
    expectDeclared(operationId, answer, release);
    return answer;
  };
