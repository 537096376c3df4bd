import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session, SessionStore } from '@twite/sdk';
import { CommandError } from '../usage-error.ts';
import { withFileLock } from './file-lock.ts';
import { replaceFile } from './replace-file.ts';

export type StoredSession = Session;

type Sessions = Readonly<Record<string, StoredSession>>;

const fields = ['sessionId', 'accessToken', 'refreshToken', 'expiresAt'] as const;

const isSession = (value: unknown): value is StoredSession =>
  typeof value === 'object' &&
  value !== null &&
  fields.every((field) => typeof (value as Readonly<Record<string, unknown>>)[field] === 'string');

function parse(text: string, file: string): Sessions {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(
      'sessions_unreadable',
      `${file} is damaged. Delete it and sign in again with \`twite login\`.`,
      { cause },
    );
  }
  const { servers } = content as { readonly servers?: Readonly<Record<string, unknown>> };
  return Object.fromEntries(
    Object.entries(servers ?? {}).filter((entry): entry is [string, StoredSession] => isSession(entry[1])),
  );
}

/**
 * Keeps this user's session for a server in a file that only they may read. All servers share the file and its lock.
 */
export function openSessionStore(folder: string, server: string): SessionStore {
  const file = join(folder, 'sessions.json');

  const read = async (): Promise<Sessions> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new CommandError('sessions_unreadable', `Cannot read ${file}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    return parse(text, file);
  };

  const write = (servers: Sessions): Promise<void> => replaceFile(file, { version: 1, servers });

  return {
    load: async () => (await read())[server],
    async save(session) {
      const { [server]: before, ...others } = await read();
      if (session === undefined) {
        if (before) await write(others);
      } else if (!before || fields.some((field) => before[field] !== session[field])) {
        await write({ ...others, [server]: session });
      }
    },
    async lock(change) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
      } catch (cause) {
        throw new CommandError(
          'sessions_unwritable',
          `Cannot save the session in ${folder}: ${(cause as Error).message}. Set TWITE_CONFIG_DIR to a writable folder.`,
          { cause },
        );
      }
      return withFileLock(`${file}.lock`, change);
    },
  };
}
