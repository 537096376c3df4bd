import { string as stringArg } from '@oclif/core/args';
import { boolean, integer, string } from '@oclif/core/flags';

export interface ServerFlags {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly profile: string | undefined;
}

/** The flags of every command that calls a server. */
export const serverFlags = {
  url: string({
    summary: 'The URL of the server. Default: the server of the profile, or http://127.0.0.1:8080.',
    env: 'TWITE_URL',
    helpGroup: 'SERVER',
    helpValue: '<url>',
    noCacheDefault: true,
  }),
  token: string({
    summary:
      'Use a personal access token instead of the session. Prefer TWITE_TOKEN: process lists do not show it.',
    env: 'TWITE_TOKEN',
    helpGroup: 'SERVER',
    helpValue: '<token>',
    noCacheDefault: true,
  }),
  profile: string({
    summary: 'Use the session and server of a profile. `twite profiles` lists them.',
    env: 'TWITE_PROFILE',
    helpGroup: 'SERVER',
    helpValue: '<name>',
    noCacheDefault: true,
  }),
};

const limit = integer({ summary: 'The maximum number of items, from 1 to 100.', min: 1, max: 100 });

/** The flag of commands on the machine that holds the data. */
export const dataDirFlag = string({
  summary: 'The data folder of the server.',
  env: 'TWITE_DATA_DIR',
  default: './data',
  helpValue: '<folder>',
  noCacheDefault: true,
});

/** The flags of every list that has one page only. */
export const onePageFlags = { limit };

/** The flags of every list. */
export const pageFlags = {
  limit,
  cursor: string({ summary: 'Start after this cursor: the `nextCursor` of the previous page.' }),
  all: boolean({ summary: 'Fetch all pages.', default: false }),
};

export const passwordStdin = boolean({
  summary: 'Read the password from standard input.',
  default: false,
});

// oclif would wait for standard input when an argument is missing.
const ignoreStdin = true;

export const accountArg = stringArg({
  description: 'An account: @handle, handle or id.',
  required: true,
  ignoreStdin,
});

export const optionalAccountArg = stringArg({
  description: 'An account: @handle, handle or id. Default: you.',
  ignoreStdin,
});

/** The flag of commands that delete something. */
export const yes = boolean({ summary: 'Do not ask for confirmation.', default: false });

export const requiredArg = (description: string) => stringArg({ description, required: true, ignoreStdin });

const optionalArg = (description: string) => stringArg({ description, ignoreStdin });

/** Text to post: an argument, or `-` for standard input. */
export const optionalTextArg = optionalArg('The text, in quotes. Use - to read it from standard input.');

/** The flag of commands that work on the data of an embedded server. */
export const dataDir = string({
  summary: 'The data folder of an embedded server. Default: TWITE_DATA_DIR, or ./data.',
  helpValue: '<folder>',
});

/** The environment of the server, overridden by the command line. */
export const environmentWith = (flags: {
  readonly 'data-dir': string | undefined;
}): Readonly<Record<string, string | undefined>> => ({
  ...process.env,
  ...(flags['data-dir'] === undefined ? {} : { TWITE_DATA_DIR: flags['data-dir'] }),
});
