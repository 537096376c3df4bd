import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, UsageError } from '../usage-error.ts';
import { replaceFile } from './replace-file.ts';

export const defaultUrl = 'http://127.0.0.1:8080';

const folderOfProfiles = (configFolder: string): string => join(configFolder, 'profiles');

/**
 * The folder of a profile's sessions. Sessions without a profile are in the config folder itself. Throws a `UsageError`
 * for invalid names.
 */
export function profileFolder(configFolder: string, profile: string | undefined): string {
  if (!profile) return configFolder;
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(profile)) {
    throw new UsageError(`"${profile}" is not a valid profile name. Use letters, digits, - and _.`);
  }
  return join(folderOfProfiles(configFolder), profile);
}

const serverFile = (folder: string): string => join(folder, 'server.json');

function savedUrl(folder: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(serverFile(folder), 'utf8')) as { readonly url?: unknown };
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}

interface Asked {
  readonly url: string | undefined;
  readonly profile: string | undefined;
  readonly configFolder: string;
}

/** The server to call: the given one, or the one that the profile last signed in to, or the one on this machine. */
export function serverUrl({ url, profile, configFolder }: Asked): string {
  if (url) return url;
  return (profile && savedUrl(profileFolder(configFolder, profile))) || defaultUrl;
}

/** Makes this server the default of a profile. Has no effect without a profile: the default does not change. */
export async function keepServer({
  url,
  profile,
  configFolder,
}: Asked & { readonly url: string }): Promise<void> {
  if (!profile) return;
  const folder = profileFolder(configFolder, profile);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(serverFile(folder), { url });
  } catch (cause) {
    throw new CommandError(
      'profile_unwritable',
      `Cannot save the profile in ${folder}: ${(cause as Error).message}. You are signed in; select the server with --url.`,
      { cause },
    );
  }
}

/** Every profile that signed in to a server, by name. */
export function listProfiles(configFolder: string): { readonly name: string; readonly url: string }[] {
  let names: string[];
  try {
    names = readdirSync(folderOfProfiles(configFolder)).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const url = savedUrl(join(folderOfProfiles(configFolder), name));
    return url === undefined ? [] : [{ name, url }];
  });
}
