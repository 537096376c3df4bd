import { isInvalidToken, TwiteError } from './errors.ts';
import type { Session } from './generated/types.ts';
import type { SessionStore } from './session-store.ts';

/** Called for every change of the session, one after the other; undefined: signed out. */
export type OnSession = (session: Session | undefined) => void | Promise<void>;

/** Keeps the client signed in. */
export interface SessionKeeper {
  current(): Session | undefined;
  /** The current session, loaded from the store if the client has none yet. */
  loaded(): Promise<Session | undefined>;
  /** Signs in or out. Settles when the session is stored and `onSession` has settled. */
  replace(session: Session | undefined): Promise<void>;
  /** Continues the same sign-in with its next tokens. Settles when they are stored and `onSession` has settled. */
  succeed(session: Session): Promise<void>;
  /** The session to send, refreshed when it is about to expire. Undefined when signed out. */
  ready(): Promise<Session | undefined>;
  /** The session to send instead of one whose access token was refused. Undefined if there is none. */
  readyAfter(refused: Session): Promise<Session | undefined>;
}

export interface SessionKeeperOptions {
  readonly session: Session | undefined;
  readonly sessionStore: SessionStore | undefined;
  readonly onSession: OnSession | undefined;
  /** Exchanges a refresh token for the next session. */
  readonly exchange: (refreshToken: string) => Promise<Session>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const refreshAheadMs = 30_000;

/** The store of a client that does not share its session. */
const noStore: SessionStore = {
  load: () => undefined,
  save: () => undefined,
  lock: (change) => change(),
};

export function sessionKeeper(options: SessionKeeperOptions): SessionKeeper {
  const { session, sessionStore: store = noStore, onSession, exchange, now } = options;
  let current = session;
  // All sessions of one sign-in: a call must not continue as another account that signed in meanwhile.
  let line = new WeakSet<Session>(session ? [session] : []);
  // A clock that is far ahead would cause a refresh before each request: from then on only the server decides.
  let trustsClock = true;
  let told: Promise<void> = Promise.resolve();
  // Pending writes to the store: a load before they complete would read a replaced session.
  let storing: Promise<void> = Promise.resolve();
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

  /** Writes to the store under its lock, unless another client has signed in there meanwhile. */
  const keep = (next: Session | undefined, over: Session | undefined): Promise<void> => {
    const writing = store.lock(async () => {
      const isNewer = next !== undefined && next.sessionId !== over?.sessionId;
      if (isNewer || (await store.load())?.sessionId === over?.sessionId) await store.save(next);
    });
    storing = writing.catch(() => undefined);
    return writing;
  };

  const change = async (next: Session | undefined): Promise<void> => {
    const over = current;
    const telling = hold(next);
    const [kept] = await Promise.allSettled([keep(next, over), telling]);
    if (kept.status === 'rejected') throw kept.reason;
    return telling;
  };

  const replace = (next: Session | undefined): Promise<void> => {
    line = new WeakSet();
    return change(next);
  };

  const loaded = async (): Promise<Session | undefined> => {
    if (current || store === noStore) return current;
    await storing;
    const found = await store.load();
    if (!current && found) {
      current = found;
      line = new WeakSet([found]);
      trustsClock = true;
    }
    return current;
  };

  /**
   * Under the lock of the store: another client may have refreshed already, and its refresh token is the only valid
   * one.
   */
  const exchangeOnce = (of: Session): Promise<void> =>
    store.lock(async () => {
      const found = await store.load();
      // Another sign-in in the store stays there, and this client keeps its own.
      const shared = found?.sessionId === of.sessionId ? found : undefined;
      const isRefreshed = shared !== undefined && shared.refreshToken !== of.refreshToken;
      if (isRefreshed && (!trustsClock || msLeft(shared) > refreshAheadMs)) {
        if (current === of) await hold(shared);
        return;
      }
      let successor: Session | undefined;
      try {
        successor = await exchange((shared ?? of).refreshToken);
      } catch (error) {
        if (isInvalidToken(error)) {
          if (shared) await store.save(undefined);
          if (current === of) {
            line = new WeakSet();
            await hold(undefined);
          }
        }
        throw error;
      }
      if (shared) await store.save(successor);
      // The client may have signed in or out meanwhile: that change is newer.
      if (current === of) await hold(successor);
    });

  /** Concurrent callers share one exchange (single flight): a second exchange could end the session. */
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
    loaded,
    replace,
    succeed: change,
    async ready() {
      const of = await loaded();
      if (!of || !trustsClock || msLeft(of) > refreshAheadMs) return of;
      try {
        await refresh(of);
      } catch (error) {
        // A failed early refresh does no harm while the token is still valid.
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
