import { randomUUID } from 'node:crypto';
import { type Session, type Twite, TwiteConnectionError } from '@twite/sdk';
import { CommandError, UsageError } from './usage-error.ts';

interface Parts {
  readonly query: URLSearchParams;
  /** JSON. */
  readonly body: string | undefined;
}

const withoutBody: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE']);

/**
 * Assigns the fields and the body of a command line to query and body. Throws a `UsageError` for those that do not fit
 * the method.
 */
export function queryOrBody(method: string, fields: readonly string[], input: string | undefined): Parts {
  const pairs = fields.map((field): [string, string] => {
    const at = field.indexOf('=');
    if (at <= 0) throw new UsageError(`--field ${field} has no name. Write it as name=value.`);
    return [field.slice(0, at), field.slice(at + 1)];
  });
  if (input !== undefined) {
    try {
      JSON.parse(input);
    } catch {
      throw new UsageError('--input is not JSON.');
    }
    // With a body, fields are query parameters.
    return { query: new URLSearchParams(pairs), body: input };
  }
  if (withoutBody.has(method)) return { query: new URLSearchParams(pairs), body: undefined };
  const members = pairs.length === 0 ? undefined : JSON.stringify(Object.fromEntries(pairs));
  return { query: new URLSearchParams(), body: members };
}

interface ApiCall extends Parts {
  readonly twite: Twite;
  /** The URL of the server. */
  readonly url: string;
  readonly stored: Session | undefined;
  readonly token: string | undefined;
  readonly method: string;
  readonly path: string;
}

/** The URL of an operation. Never on another server, because the token is sent with it. */
export function apiUrl(url: string, path: string, query: URLSearchParams): URL {
  const relative = path.replace(/^\/?(v1(?=\/|$))?\/?/, '');
  const base = `${url.replace(/\/+$/, '')}/v1/`;
  const to = new URL(`${base}${relative}`);
  if (!to.href.startsWith(new URL(base).href)) {
    throw new UsageError(`${path} is not a path of the API. Write it like /posts.`);
  }
  for (const [name, value] of query) to.searchParams.append(name, value);
  return to;
}

/** The token to send. The SDK refreshes a session if necessary. */
async function accessToken({ twite, stored, token }: ApiCall): Promise<string | undefined> {
  if (token || stored === undefined) return token;
  if (Date.parse(stored.expiresAt) <= Date.now() + 30_000) await twite.me.get();
  return twite.session?.accessToken;
}

/**
 * Sends a request with the session or token. Returns the JSON of the response, its text if it is not JSON, or undefined
 * if it is empty. Throws a `CommandError` with the code of the API when the server refuses it.
 */
export async function callApi(call: ApiCall): Promise<unknown> {
  const { url, method, path, query, body } = call;
  const to = apiUrl(url, path, query);
  const token = await accessToken(call);
  const response = await fetch(to, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(60_000),
    // Another server must not get the token.
    redirect: 'error',
  }).catch((error: unknown) => {
    throw new TwiteConnectionError(`${method} ${to.pathname} got no answer.`, { cause: error });
  });
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const answer: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  if (response.ok) return answer;
  const { code, title, detail, errors } = (isJson ? answer : {}) as {
    readonly code?: string;
    readonly title?: string;
    readonly detail?: string;
    readonly errors?: readonly { readonly path: string; readonly message: string }[];
  };
  const issues = (errors ?? []).map((issue) => `\n  ${issue.path}: ${issue.message}`).join('');
  throw new CommandError(
    code ?? 'refused',
    `${response.status} ${title ?? response.statusText}${detail === undefined ? '' : `: ${detail}`}${issues}`,
  );
}
