/** The limits of one policy, as in the configuration. */
interface Limits {
  readonly perAccount: { readonly limit: number; readonly windowSeconds: number } | null;
  readonly perAddress: { readonly limit: number; readonly windowSeconds: number } | null;
  readonly perAccountAndAddress?: { readonly limit: number; readonly windowSeconds: number } | null;
}

/** How a server under test differs from the default: no limits, every service, no other origins. */
export interface ServerOptions {
  /** Policies that are not named have no limits. */
  readonly rateLimits?: Readonly<Record<string, Limits>>;
  readonly corsOrigins?: readonly string[];
  readonly trustedProxies?: number;
  readonly services?: readonly ('posts' | 'social' | 'profile')[];
}

/** A running server with its own empty store, whatever its engine. */
export interface ServerUnderTest {
  readonly url: string;
  close(): Promise<void>;
  /** Resolves when all work caused by the requests so far is done. */
  settled(): Promise<void>;
  /** Does what `twite admin grant` does. */
  grantAdmin(handle: string): Promise<void>;
  /** Enqueues a job without a handler: it is parked when the server has settled. */
  enqueueNonsense(): Promise<void>;
  /** Cleans up expired data, as happens every ten minutes. */
  runUpkeep(): Promise<void>;
  /** Advances the clock of the server. */
  advance(ms: number): void;
}

export type StartServer = (options?: ServerOptions) => Promise<ServerUnderTest>;
