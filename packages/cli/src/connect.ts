import { createTwite, type Twite } from '@twite/sdk';
import { openSessionStore, type StoredSession } from './session/session-store.ts';
import { UsageError } from './usage-error.ts';

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

/** The SDK would refuse it too, but with a name that the command line does not have. */
function requireAddress(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new UsageError(`"${url}" is not a server URL. Write --url and TWITE_URL like http://127.0.0.1:8080.`);
}

/** Normalises a server's name, however it is typed. */
function serverName(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** A client with the session of the server. Changes of the session are stored for the next command. */
export async function connect({ url, token, configFolder, userAgent }: ConnectOptions): Promise<Connection> {
  requireAddress(url);
  if (token) return { twite: createTwite({ baseUrl: url, token, userAgent }), url, stored: undefined };

  const server = serverName(url);
  const sessionStore = openSessionStore(configFolder, server);
  const stored = await sessionStore.load();
  const twite = createTwite({ baseUrl: url, userAgent, session: stored, sessionStore });
  return { twite, url: server, stored };
}
