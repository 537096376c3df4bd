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
    summary: 'The server to ask: by default that of the profile, or http://127.0.0.1:8080.',
    env: 'TWITE_URL',
    helpGroup: 'SERVER',
    helpValue: '<url>',
    noCacheDefault: true,
  }),
  token: string({
    summary: 'A personal access token instead of the session. TWITE_TOKEN does not show in process lists.',
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

const limit = integer({ summary: 'How many at the most, 1 to 100.', min: 1, max: 100 });

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
  cursor: string({ summary: 'Where to go on: the `nextCursor` of the page before.' }),
  all: boolean({ summary: 'Go on to the end of the list.', default: false }),
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
  description: 'An account: @handle, handle or id. You, if left out.',
  ignoreStdin,
});

/** The flag of commands that delete something. */
export const yes = boolean({ summary: 'Do not ask for confirmation.', default: false });

export const requiredArg = (description: string) => stringArg({ description, required: true, ignoreStdin });

const optionalArg = (description: string) => stringArg({ description, ignoreStdin });

/** Text to post: an argument, or `-` for standard input. */
export const optionalTextArg = optionalArg('The text, in quotes; - reads it from standard input.');

/** The flag of commands that work on the data of an embedded server. */
export const dataDir = string({
  summary: 'The data folder of an embedded server; by default TWITE_DATA_DIR, or ./data.',
  helpValue: '<folder>',
});

/** The environment of the server, overridden by the command line. */
export const environmentWith = (flags: {
  readonly 'data-dir': string | undefined;
}): Readonly<Record<string, string | undefined>> => ({
  ...process.env,
  ...(flags['data-dir'] === undefined ? {} : { TWITE_DATA_DIR: flags['data-dir'] }),
});
