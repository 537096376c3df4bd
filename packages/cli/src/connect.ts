import { createTwite, type Twite } from '@twite/sdk';
import { openSessionStore, type StoredSession } from './session/session-store.ts';
import { UsageError } from './usage-error.ts';

export interface ConnectOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly configFolder: string;
  readonly userAgent: string;
  /** Remembers the server for the profile. */
  readonly keepServer: (url: string) => void;
}

export interface Connection {
  readonly twite: Twite;
  readonly url: string;
  readonly stored: StoredSession | undefined;
  readonly keepServer: () => void;
}

/** The SDK would refuse it too, but by a name that the command line does not have. */
function requireAddress(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new UsageError(`"${url}" is not a server URL. Write --url and TWITE_URL like http://127.0.0.1:8080.`);
}

/** The same server has one name, however it is typed. */
function serverName(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** A client as whoever is signed in at the server; what happens to the session is kept for the next command. */
export async function connect({
  url,
  token,
  configFolder,
  userAgent,
  keepServer,
}: ConnectOptions): Promise<Connection> {
  requireAddress(url);
  const server = serverName(url);
  const keep = () => keepServer(server);
  if (token) {
    const twite = createTwite({ baseUrl: url, token, userAgent });
    return { twite, url, stored: undefined, keepServer: keep };
  }
  const sessionStore = openSessionStore(configFolder, server);
  const stored = await sessionStore.load();
  const twite = createTwite({ baseUrl: url, userAgent, session: stored, sessionStore });
  return { twite, url: server, stored, keepServer: keep };
}
