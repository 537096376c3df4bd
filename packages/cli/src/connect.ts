import { createTwite, type Session, type Twite } from '@twite/sdk';
import { openSessionStore, type StoredSession } from './session/session-store.ts';
import { sharedRefresh } from './session/shared-refresh.ts';

export interface ConnectOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly configFolder: string;
  readonly userAgent: string;
}

export interface Connection {
  readonly twite: Twite;
  readonly url: string;
  readonly stored: StoredSession | undefined;
}

/** The same server has one name, however it is typed. What is no URL is left to the SDK to refuse. */
function serverName(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** A client as whoever is signed in at the server; what happens to the session is kept for the next command. */
export async function connect({ url, token, configFolder, userAgent }: ConnectOptions): Promise<Connection> {
  if (token) return { twite: createTwite({ baseUrl: url, token, userAgent }), url, stored: undefined };

  const server = serverName(url);
  const store = openSessionStore(configFolder);
  const stored = await store.find(server);
  let last: Session | undefined = stored;
  const twite: Twite = createTwite({
    baseUrl: url,
    userAgent,
    session: stored,
    fetch: sharedRefresh({ store, server, current: () => twite.session, fetch: globalThis.fetch }),
    onSession: async (session) => {
      const before = last;
      last = session;
      // A refresh has been kept already, under the lock.
      if (session && session.sessionId !== before?.sessionId) await store.put(server, session);
      // Not what another process has signed in as meanwhile.
      if (!session && before) await store.remove(server, before.sessionId);
    },
  });
  return { twite, url: server, stored };
}
