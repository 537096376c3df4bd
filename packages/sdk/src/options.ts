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
   * The URL of the server, such as `https://twite.example`. A path in front of `/v1` is kept. Default in Node, Deno and
   * Bun: the environment variable `TWITE_URL`.
   */
  readonly baseUrl?: string | URL | undefined;
  /**
   * A personal access token: used for every call, never refreshed. Cannot be combined with `session`. Default in Node,
   * Deno and Bun: `TWITE_TOKEN`, but only for the server in `TWITE_URL`, and not for a client with a `session`,
   * `sessionStore` or `onSession`.
   */
  readonly token?: string | undefined;
  /** A stored session, as passed to `onSession`. */
  readonly session?: Session | undefined;
  /**
   * The store that shares the session with other tabs or processes. It is read before the first call that needs a
   * session, unless `session` is given, and written whenever the session changes. See `browserSessionStore`. Cannot be
   * combined with `token`.
   */
  readonly sessionStore?: SessionStore | undefined;
  /** Called and awaited whenever the session changes (undefined: signed out), to store it for the next start. */
  readonly onSession?: OnSession | undefined;
  /**
   * A stored device token of an earlier sign-in, as passed to `onDeviceToken`. It is sent when the client signs in
   * again, so that attackers who guess the account's password do not lock this client out. Keep it while signed out,
   * too.
   */
  readonly deviceToken?: string | undefined;
  /** Called and awaited with a new device token after each sign-in. */
  readonly onDeviceToken?: ((deviceToken: string) => void | Promise<void>) | undefined;
  /** Replaces the global fetch. */
  readonly fetch?: Fetch | undefined;
  /** Sent as User-Agent, if the platform allows it. */
  readonly userAgent?: string | undefined;
  /** The number of retries after connection errors, 408, 500, 502 to 504, and 429 with Retry-After. Default: 2. */
  readonly retries?: number | undefined;
  /** The client does not wait for a longer Retry-After. Default: 10. */
  readonly maxRetryAfterSeconds?: number | undefined;
  /** Milliseconds for a whole call, including retries and waits; Infinity for no limit. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Larger answers are refused. Default: 16 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  /** Waits between attempts. Must reject when the signal aborts. For tests. */
  readonly delay?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** From 0 up to but not including 1, for jitter. For tests. */
  readonly random?: (() => number) | undefined;
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
}

/** The options with all defaults applied. */
export interface Settings {
  /** Without a trailing slash. */
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
  // Not quoted: it may contain a password.
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TwiteInputError(`${name} must be http:// or https://, a host and a path, and nothing else.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const needsBaseUrl =
  "Say where the server is: createTwite({ baseUrl: 'http://127.0.0.1:8080' }), or outside of browsers TWITE_URL.";

/** Reads the server and the token. A program that gives neither gets them from its environment. */
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

/** Throws TwiteInputError for invalid options. */
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
    // Called through globalThis: browsers reject calls to a detached fetch.
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
