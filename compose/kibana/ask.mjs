import { setTimeout as wait } from 'node:timers/promises';

const retryMs = 2_000;

/** Calls an HTTP API. The URL may contain a user and a password. Throws an error with the response unless the status is 2xx. */
export function asker(urlText, headers = {}) {
  const url = new URL(urlText);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return async (method, path, body) => {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization,
        ...headers,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined || isForm ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    if (answer.ok) return text === '' ? undefined : JSON.parse(text);
    throw Object.assign(new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`), {
      status: answer.status,
    });
  };
}

/** Tries until it succeeds, or throws the last error when the time is over. */
export async function untilReady(what, attempt, withinMs) {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      // Who is refused now is refused later too.
      if (error.status === 401 || error.status === 403 || Date.now() >= end) {
        throw new Error(`${what} is not ready: ${error.message}`, { cause: error });
      }
      await wait(Math.min(retryMs, Math.max(0, end - Date.now())));
    }
  }
}
