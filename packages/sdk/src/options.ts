import { delay } from './deadline.ts';
import { TwiteInputError } from './errors.ts';
import type { Session } from './generated/types.ts';
import type { Hooks } from './hooks.ts';
import type { RetryPolicy } from './retry.ts';
import { serverProcess } from './runtime.ts';
import type { OnSession } from './session-keeper.ts';
import type { SessionStore } from './session-store.ts';

/** The part of fetch that the client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TwiteOptions extends Hooks {
  /**
   * Where the server is, such as `https://twite.example`; a path in front of `/v1` is kept. Default in Node, Deno and Bun:
   * the environment variable `TWITE_URL`.
   */
  readonly baseUrl?: string | URL | undefined;
  /**
   * A personal access token: used for every call, never refreshed. Not together with `session`. Default in Node, Deno and
   * Bun: `TWITE_TOKEN`, but only for the server in `TWITE_URL`, and not for a client with a `session`,
   * `sessionStore` or `onSession`.
   */
  readonly token?: string | undefined;
  /** A session kept from before, as `onSession` gave it. */
  readonly session?: Session | undefined;
  /**
   * Where the session is kept for other tabs or processes: loaded before the first call that needs it, unless `session` is
   * given, and written whenever it changes. See `browserSessionStore`. Not together with `token`.
   */
  readonly sessionStore?: SessionStore | undefined;
  /** Told whenever the session changes (undefined: signed out), to be kept for next time. Awaited. */
  readonly onSession?: OnSession | undefined;
  /**
   * Kept from an earlier sign-in, as `onDeviceToken` gave it: sent when the client signs in again, so that others who guess
   * at the account's password do not lock this client out. Keep it also when signed out.
   */
  readonly deviceToken?: string | undefined;
  /** Called with a new device token after each sign-in. Awaited. */
  readonly onDeviceToken?: ((deviceToken: string) => void | Promise<void>) | undefined;
  /** Instead of the global fetch. */
  readonly fetch?: Fetch | undefined;
  /** Sent as User-Agent, where the platform lets programs choose it. */
  readonly userAgent?: string | undefined;
  /** How many times to try again after connection errors, 408, 500, 502 to 504, and 429 with Retry-After. Default: 2. */
  readonly retries?: number | undefined;
  /** A Retry-After longer than this is not waited for. Default: 10. */
  readonly maxRetryAfterSeconds?: number | undefined;
  /** Milliseconds for a whole call, retries and waits included; Infinity for no limit. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Larger answers are refused. Default: 16 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  /** Waits between tries; must reject when the signal aborts. For tests. */
  readonly delay?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** From 0 up to but not including 1, for jitter. For tests. */
  readonly random?: (() => number) | undefined;
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
}

/** The options with every default in its place. */
export interface Settings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly session: Session | undefined;
  readonly sessionStore: SessionStore | undefined;
  readonly onSession: OnSession | undefined;
  readonly deviceToken: string | undefined;
  readonly onDeviceToken: TwiteOptions['onDeviceToken'];
  readonly fetch: Fetch;
  readonly userAgent: string | undefined;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly hooks: Hooks;
  readonly now: () => number;
}

function readBaseUrl(baseUrl: string | URL, name: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw new TwiteInputError(`${name} is not a URL: ${baseUrl}`, { cause });
  }
  // Not quoted: it may hold a password.
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TwiteInputError(`${name} must be http:// or https://, a host and a path, and nothing else.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const needsBaseUrl =
  "Say where the server is: createTwite({ baseUrl: 'http://127.0.0.1:8080' }), or outside of browsers TWITE_URL.";

/** The server and the token, which a program that names neither finds in its environment. */
function readServer(options: TwiteOptions): Pick<Settings, 'baseUrl' | 'token'> {
  if (options.baseUrl !== undefined)
    return { baseUrl: readBaseUrl(options.baseUrl, 'baseUrl'), token: options.token };
  const { TWITE_URL: url, TWITE_TOKEN: token } = serverProcess?.env ?? {};
  if (!url) throw new TwiteInputError(needsBaseUrl);
  const signsIn = (options.session ?? options.sessionStore ?? options.onSession) !== undefined;
  return {
    baseUrl: readBaseUrl(url, 'TWITE_URL'),
    token: options.token ?? (signsIn ? undefined : token || undefined),
  };
}

/** Throws TwiteInputError for options that cannot work. */
export function readOptions(options: TwiteOptions): Settings {
  if (options.token !== undefined && (options.session ?? options.sessionStore) !== undefined) {
    throw new TwiteInputError('Give either a token or a session.');
  }
  return {
    ...readServer(options),
    session: options.session,
    sessionStore: options.sessionStore,
    onSession: options.onSession,
    deviceToken: options.deviceToken,
    onDeviceToken: options.onDeviceToken,
    // Called through globalThis: browsers refuse a fetch that lost its window.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    userAgent: options.userAgent,
    retry: {
      retries: options.retries ?? 2,
      maxRetryAfterSeconds: options.maxRetryAfterSeconds ?? 10,
      delay: options.delay ?? delay,
      random: options.random ?? Math.random,
    },
    timeoutMs: options.timeoutMs ?? 30_000,
    maxAnswerBytes: options.maxAnswerBytes ?? 16 * 1024 * 1024,
    hooks: options,
    now: options.now ?? Date.now,
  };
}
