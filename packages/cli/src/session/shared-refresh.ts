import type { Fetch, Session } from '@twite/sdk';
import type { SessionStore } from './session-store.ts';

const enoughMs = 60_000;

interface SharedRefreshOptions {
  readonly store: SessionStore;
  readonly server: string;
  /** The session that the client holds. */
  readonly current: () => Session | undefined;
  readonly fetch: Fetch;
}

/**
 * A fetch that refreshes a session once for all processes: a refresh token that another process has used already must not
 * be used again, or the server ends the session. Everything but a refresh goes through as it is.
 */
export function sharedRefresh({ store, server, current, fetch }: SharedRefreshOptions): Fetch {
  return async (url, init) => {
    if (!url.endsWith('/v1/sessions/refresh')) return fetch(url, init);
    const { refreshToken } = JSON.parse(String(init.body)) as { readonly refreshToken: string };
    return store.alone(async (sessions) => {
      const found = await sessions.find(server);
      // Somebody may have signed out, or in as somebody else: then this process goes on by itself.
      const kept = found?.sessionId === current()?.sessionId ? found : undefined;
      if (!kept) return fetch(url, init);
      if (kept.refreshToken !== refreshToken && Date.parse(kept.expiresAt) - Date.now() > enoughMs) {
        return Response.json({ session: kept });
      }
      const response = await fetch(url, {
        ...init,
        body: JSON.stringify({ refreshToken: kept.refreshToken }),
      });
      if (response.ok) {
        // Before the lock is given back, so that the next process finds it.
        const { session } = (await response.clone().json()) as { readonly session?: Session };
        if (session) await sessions.put(server, session);
      }
      return response;
    });
  };
}
