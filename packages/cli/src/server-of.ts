// Not `await import`: in the bundle, a CommonJS module imported that way has no named exports.
import { Config } from '@oclif/core/config';
import type { LoadOptions } from '@oclif/core/interfaces';
import { defaultUrl, serverUrl } from './session/profiles.ts';

/** The value of a flag. */
function givenFor(flag: string, flags: readonly string[]): string | undefined {
  const at = flags.findIndex((one) => one === flag || one.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return flags[at]?.startsWith(`${flag}=`) ? flags[at].slice(flag.length + 1) : flags[at + 1];
}

/** The server of a command line, for error messages. */
export async function serverOf(flags: readonly string[], options: LoadOptions): Promise<string> {
  const { configDir } = await Config.load(options);
  try {
    return serverUrl({
      url: givenFor('--url', flags) ?? process.env.TWITE_URL,
      profile: givenFor('--profile', flags) ?? process.env.TWITE_PROFILE,
      configFolder: configDir,
    });
  } catch {
    // The error is about the profile.
    return defaultUrl;
  }
}
