import { isInvalidToken, TwiteError } from './errors.ts';
import type { Session } from './generated/types.ts';

/** Told of every change of the session, one after the other; undefined: signed out. */
export type OnSession = (session: Session | undefined) => void | Promise<void>;

/** Keeps the client signed in. */
export interface SessionKeeper {
  current(): Session | undefined;
  /** Signs in or out. Settles when `onSession` has. */
  replace(session: Session | undefined): Promise<void>;
  /** Goes on with the next tokens of the same sign-in. Settles when `onSession` has. */
  succeed(session: Session): Promise<void>;
  /** What to send, refreshed when it is about to end; undefined when signed out. */
  ready(): Promise<Session | undefined>;
  /** What to send instead of a session whose access token was refused; undefined when there is nothing. */
  readyAfter(refused: Session): Promise<Session | undefined>;
}

export interface SessionKeeperOptions {
  readonly session: Session | undefined;
  readonly onSession: OnSession | undefined;
  /** Trades a refresh token for the next session. */
  readonly exchange: (refreshToken: string) => Promise<Session>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const refreshAheadMs = 30_000;

export function sessionKeeper({ session, onSession, exchange, now }: SessionKeeperOptions): SessionKeeper {
  let current = session;
  // All sessions that came from one sign-in: a call must not go on as somebody else who signed in meanwhile.
  let line = new WeakSet<Session>(session ? [session] : []);
  // A clock that is far ahead would refresh before each request: then only the server's word counts.
  let trustsClock = true;
  let told: Promise<void> = Promise.resolve();
  let refreshing: { readonly of: Session; readonly done: Promise<void> } | undefined;

  const msLeft = (of: Session): number => Date.parse(of.expiresAt) - now();

  const hold = (next: Session | undefined): Promise<void> => {
    current = next;
    if (next) {
      line.add(next);
      trustsClock = msLeft(next) > 2 * refreshAheadMs;
    }
    const telling = told.then(() => onSession?.(next));
    told = telling.catch(() => undefined);
    return telling;
  };

  const replace = (next: Session | undefined): Promise<void> => {
    line = new WeakSet();
    return hold(next);
  };

  const exchangeOnce = async (of: Session): Promise<void> => {
    let successor: Session | undefined;
    try {
      successor = await exchange(of.refreshToken);
    } catch (error) {
      if (isInvalidToken(error) && current === of) await replace(undefined);
      throw error;
    }
    // Someone may have signed in or out meanwhile: theirs is the newer word.
    if (current === of) await hold(successor);
  };

  /** All who need it at the same time share one exchange: a second one could end the session. */
  const refresh = (of: Session): Promise<void> => {
    if (refreshing?.of === of) return refreshing.done;
    const done = exchangeOnce(of).finally(() => {
      if (refreshing?.of === of) refreshing = undefined;
    });
    refreshing = { of, done };
    return done;
  };

  return {
    current: () => current,
    replace,
    succeed: hold,
    async ready() {
      const of = current;
      if (!of || !trustsClock || msLeft(of) > refreshAheadMs) return of;
      try {
        await refresh(of);
      } catch (error) {
        // Ahead of time a failure costs nothing yet, as long as the token still holds.
        if (current !== of || msLeft(of) <= 0) throw error;
      }
      if (!line.has(of)) throw new TwiteError('The client signed out while the call was waiting.');
      return current;
    },
    async readyAfter(refused) {
      if (current === refused) await refresh(refused);
      return line.has(refused) ? current : undefined;
    },
  };
}
