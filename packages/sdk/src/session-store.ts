import type { Session } from './generated/types.ts';
import { isSession } from './session-effects.ts';

/**
 * Stores a sign-in that several clients share: the tabs of a site, the processes of a user. A client reads it again
 * under the lock before it refreshes, so that each refresh token is used once and no client signs the others out.
 */
export interface SessionStore {
  /** The stored session. Undefined when signed out. */
  load(): Session | undefined | Promise<Session | undefined>;
  /** Stores the session, or clears it. Called only inside `lock`. */
  save(session: Session | undefined): void | Promise<void>;
  /** Runs `change` under a lock shared by all clients of the store, and returns its result. */
  lock<T>(change: () => Promise<T>): Promise<T>;
}

/** The parts of a browser that the store uses. */
interface Browser {
  readonly localStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  readonly navigator?: { readonly locks?: { request<T>(name: string, run: () => Promise<T>): Promise<T> } };
}

/**
 * Keeps the session in `localStorage`, under `key`, for all tabs of the site. They synchronise through the Web Locks
 * API. Pages served over plain HTTP from another host than localhost have no Web Locks: their tabs read the store
 * again, but do not wait for each other. Any script of the page can read `localStorage`.
 */
export function browserSessionStore(key = 'twite.session'): SessionStore & { load(): Session | undefined } {
  const { localStorage, navigator } = globalThis as unknown as Browser;
  return {
    load() {
      const text = localStorage.getItem(key);
      try {
        const kept: unknown = text === null ? undefined : JSON.parse(text);
        return isSession(kept) ? kept : undefined;
      } catch {
        // Not written by the SDK: treated as signed out.
        return undefined;
      }
    },
    save(session) {
      if (session) localStorage.setItem(key, JSON.stringify(session));
      else localStorage.removeItem(key);
    },
    lock: (change) => navigator?.locks?.request(key, change) ?? change(),
  };
}
