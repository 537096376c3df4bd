/** Limits of one policy, as the configuration has them. */
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

/** A server that runs, with an empty store of its own, whatever its engine. */
export interface ServerUnderTest {
  readonly url: string;
  close(): Promise<void>;
  /** Resolves when everything that followed from the requests so far was done. */
  settled(): Promise<void>;
  /** As `twite admin grant` does. */
  grantAdmin(handle: string): Promise<void>;
  /** Enqueues a job that nobody can do: it is parked when the server has settled. */
  enqueueNonsense(): Promise<void>;
  /** Cleans up what has expired, as happens every ten minutes. */
  runUpkeep(): Promise<void>;
  /** Moves the clock of the server. */
  advance(ms: number): void;
}

export type StartServer = (options?: ServerOptions) => Promise<ServerUnderTest>;
