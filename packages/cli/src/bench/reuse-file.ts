import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Session } from '@twite/sdk';
import { CommandError } from '../usage-error.ts';

export interface StoredPerson {
  readonly accountId: string;
  readonly handle: string;
  readonly session: Session;
}

/** Accounts of a benchmark, for reuse. */
export interface StoredAccounts {
  /** The server of the accounts. */
  readonly url: string;
  /** The password of all accounts, for when a session has ended. */
  readonly password: string;
  readonly follows: number;
  readonly posts: number;
  readonly pictures: readonly string[];
  readonly people: readonly StoredPerson[];
}

const isStored = (value: unknown): value is StoredAccounts & { readonly version: 1 } => {
  const { version, people, pictures } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return version === 1 && Array.isArray(people) && people.length > 0 && Array.isArray(pictures);
};

/** Undefined if the file does not exist. */
export async function readReuseFile(file: string, url: string): Promise<StoredAccounts | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandError('bench_file', `Cannot read ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    stored = undefined;
  }
  if (!isStored(stored))
    throw new CommandError(
      'bench_file',
      `${file} does not contain the accounts of a benchmark. Use another file.`,
    );
  if (stored.url !== url)
    throw new CommandError(
      'bench_file',
      `${file} contains accounts of ${stored.url}, not of ${url}. Use another file.`,
    );
  const { version: _version, ...accounts } = stored;
  return accounts;
}

/** Readable by this user only. */
export async function writeReuseFile(file: string, accounts: StoredAccounts): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Renamed into place: an interrupted run leaves either the old file or the new one.
    const draft = `${file}.${process.pid}.new`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, ...accounts })}\n`);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    throw new CommandError('bench_file', `Cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
