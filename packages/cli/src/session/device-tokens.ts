import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { replaceFile } from './replace-file.ts';

/** The number of accounts whose tokens are stored, latest first. */
const tokensMax = 50;

interface Entry {
  readonly server: string;
  readonly handle: string;
  readonly deviceToken: string;
}

/** Proof for servers that this user has signed in to an account before. It outlives the session. */
export interface DeviceTokens {
  find(server: string, handle: string): Promise<string | undefined>;
  /** Ignores write failures: the sign-in has succeeded anyway. */
  keep(server: string, handle: string, deviceToken: string): Promise<void>;
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' &&
  value !== null &&
  ['server', 'handle', 'deviceToken'].every(
    (field) => typeof (value as Readonly<Record<string, unknown>>)[field] === 'string',
  );

/** Stored in a file that only the user may read. */
export function openDeviceTokens(folder: string): DeviceTokens {
  const file = join(folder, 'devices.json');

  const read = async (): Promise<readonly Entry[]> => {
    try {
      const { devices } = JSON.parse(await readFile(file, 'utf8')) as { readonly devices?: unknown };
      return Array.isArray(devices) ? devices.filter(isEntry) : [];
    } catch {
      return [];
    }
  };

  const isOf = (entry: Entry, server: string, handle: string): boolean =>
    entry.server === server && entry.handle === handle.toLowerCase();

  return {
    find: async (server, handle) => (await read()).find((entry) => isOf(entry, server, handle))?.deviceToken,
    async keep(server, handle, deviceToken) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await withFileLock(`${file}.lock`, async () => {
          const others = (await read()).filter((entry) => !isOf(entry, server, handle));
          const devices = [{ server, handle: handle.toLowerCase(), deviceToken }, ...others].slice(
            0,
            tokensMax,
          );
          await replaceFile(file, { version: 1, devices });
        });
      } catch {}
    },
  };
}
