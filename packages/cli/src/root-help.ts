import { Config } from '@oclif/core/config';
import { Help } from '@oclif/core/help';
import type { LoadOptions } from '@oclif/core/interfaces';

/** The commands and topics of the root help, by purpose. Others are listed last. */
const commandGroups: Readonly<Record<string, readonly string[]>> = {
  'posts and timelines': [
    ...['timeline', 'post', 'reply', 'replies', 'like', 'unlike', 'likes', 'search', 'media'],
  ],
  people: [
    ...['account', 'profile', 'follow', 'unfollow', 'followers', 'following', 'relationships', 'recommend'],
    ...['block', 'unblock', 'blocks', 'mute', 'unmute', 'mutes'],
  ],
  'your account': ['signup', 'login', 'logout', 'whoami', 'password', 'session', 'token', 'profiles'],
  'the instance': ['instance', 'status', 'admin'],
  'the command line': ['api', 'completion'],
  'run a server': [
    ...['up', 'server', 'worker', 'relay', 'doctor', 'backup', 'restore', 'move', 'demo', 'bench'],
  ],
};

/** Every command and topic once, in its group. */
export function groupsOf(names: Iterable<string>): Readonly<Record<string, readonly string[]>> {
  const grouped = new Set(Object.values(commandGroups).flat());
  const others = [...names].filter((name) => !grouped.has(name)).sort();
  return others.length === 0 ? commandGroups : { ...commandGroups, 'other commands': others };
}

const examples = [
  'twite up',
  'twite signup ada',
  'twite post "Hello, world"',
  'twite timeline --all --json | jq -r ".items[].text"',
  'twite --url https://twite.example search "from:ada engine"',
];

const flags: [string, string][] = [
  ['--url <url>', 'The server, http://127.0.0.1:8080 by default. Also TWITE_URL.'],
  ['--token <token>', 'A personal access token instead of the saved session. Prefer TWITE_TOKEN.'],
  ['--profile <name>', 'The session and server of a profile. Also TWITE_PROFILE.'],
  ['--json', 'Print JSON: results on stdout, errors on stderr.'],
  ['-h, --help', 'Show help for a command. `twite help COMMAND` does the same.'],
  ['-v, --version', 'Show the version.'],
];

const environment: [string, string][] = [
  ['TWITE_URL, TWITE_TOKEN', 'Defaults of --url and --token.'],
  ['TWITE_PASSWORD', 'The password, for signup and login without a terminal.'],
  ['XDG_CONFIG_HOME', 'The parent of the folder `twite` with the saved sessions.'],
  ['NO_COLOR', 'Turns colors off.'],
];

const exitCodes: [string, string][] = [
  ['0', 'Success.'],
  ['1', 'The request was refused or failed.'],
  ['2', 'The command line is invalid, or you canceled.'],
  ['4', 'Not signed in, or the session or token is no longer valid.'],
  ['69', 'The server did not respond.'],
  ['70', 'A bug in twite.'],
];

/** The output of `twite`, `twite help` and `twite --help`. */
class RootHelp extends Help {
  #section(title: string, rows: [string, string][]): void {
    this.log(this.section(title.toUpperCase(), this.renderList(rows, { indentation: 2, spacer: '\n' })));
    this.log('');
  }

  override async showRootHelp(): Promise<void> {
    const words = new Map<string, string>();
    for (const { id, summary } of this.config.commands) {
      if (!id.includes(':')) words.set(id, summary ?? '');
    }
    for (const { name, description } of this.config.topics) {
      if (description && !name.includes(':')) words.set(name, description);
    }
    this.log('Post, follow and read on a Twite server, administer one, or run one.\n');
    this.log(this.section('USAGE', '$ twite COMMAND [ARGUMENTS] [FLAGS]'));
    this.log('');
    for (const [title, names] of Object.entries(groupsOf(words.keys()))) {
      this.#section(
        title,
        names.map((name) => [name, words.get(name) ?? '']),
      );
    }
    this.#section('flags of every command', flags);
    this.#section('environment', environment);
    this.#section('exit codes', exitCodes);
    this.log(this.section('EXAMPLES', examples.map((example) => `$ ${example}`).join('\n')));
    this.log('');
    this.log('`twite help COMMAND` shows the arguments, flags and examples of a command.');
  }
}

export async function showRootHelp(options: LoadOptions): Promise<void> {
  const config = await Config.load(options);
  await new RootHelp(config).showRootHelp();
}
