import { Command } from '@oclif/core/command';
import type { ArgInput, FlagInput, ParserOutput } from '@oclif/core/interfaces';
import type { OperationId, Page, Twite } from '@twite/sdk';
import { type ServerFlags, serverFlags } from './flags.ts';
import { keepServer, profileFolder, serverUrl } from './session/profiles.ts';
import type { StoredSession } from './session/session-store.ts';
import { plainJson } from './terminal/plain.ts';
import { type Printable, printed } from './terminal/printable.ts';
import { type PageOptions, printPage, type View } from './terminal/say-page.ts';

/** An argument, or a flag with its value. */
export interface Given {
  /** Undefined for an argument. */
  readonly flag: string | undefined;
  readonly input: string;
}

/** The parameter of a command's `run`. */
export interface RunContext<Args, Flags> {
  readonly args: Args;
  readonly flags: Flags;
  /** All of them in the typed order. */
  readonly given: readonly Given[];
  /** Whether the answer is printed as JSON. `say` is then a no-op. */
  readonly json: boolean;
  /** The folder of this user's settings, or of the profile. */
  readonly configFolder: string;
  /** Prints for people. */
  say(text: Printable): void;
  /** Prints the items of a page for people or for a pipe. A no-op with --json. */
  sayPage<T>(page: Page<T>, view: View<T> | ((item: T) => Printable), options: PageOptions): void;
  /** Prints to stderr, even with --json: for messages that are needed while the command runs. */
  note(text: Printable): void;
}

/** The additional parameters of a command that calls a server. */
export interface ServerContext<Args, Flags> extends RunContext<Args, Flags & ServerFlags> {
  readonly twite: Twite;
  /** The server's address, which is the key of its sessions. */
  readonly url: string;
  /** Stores this server in the profile, if there is one. */
  keepServer(): Promise<void>;
  /** The signed-in account. Undefined when signed out or when a token is used. */
  readonly stored: StoredSession | undefined;
}

type ParsingToken = ParserOutput['raw'][number];
type Parsed<Input> = Input extends FlagInput<infer F> ? F : never;
type ParsedArgs<Input> = Input extends ArgInput<infer A> ? A : never;

interface Description<A extends ArgInput, F extends FlagInput> {
  /** One line, with a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly aliases?: readonly string[];
  readonly args?: A;
  readonly flags?: F;
}

export interface LocalCommand<A extends ArgInput, F extends FlagInput> extends Description<A, F> {
  /** Prints for people, and returns the output of --json. */
  run(context: RunContext<ParsedArgs<A>, Parsed<F>>): Promise<unknown>;
}

export interface ServerCommand<A extends ArgInput, F extends FlagInput> extends Description<A, F> {
  /** Every operation that the command may call. A test compares them with the actual calls. */
  readonly operations: readonly OperationId[];
  /** Prints for people, and returns the output of --json: the unmodified entity or page of the API. */
  run(context: ServerContext<ParsedArgs<A>, Parsed<F>>): Promise<unknown>;
}

/** A command's class in the form that oclif expects. */
export type CommandClass = typeof Command & { readonly operations: readonly OperationId[] };

abstract class TwiteCommand extends Command {
  static override enableJsonFlag = true;

  protected base(profile?: string): Omit<RunContext<never, never>, 'args' | 'flags' | 'given'> {
    const json = this.jsonEnabled();
    const say = (text: Printable) => {
      if (!json) process.stdout.write(`${printed(text)}\n`);
    };
    const note = (text: Printable) => void process.stderr.write(`${printed(text)}\n`);
    return {
      json,
      configFolder: profileFolder(this.config.configDir, profile),
      say,
      note,
      sayPage: (page, view, options) => {
        if (!json) printPage(page, view, { ...options, say, note, isTerminal: process.stdout.isTTY });
      },
    };
  }

  // main reports all errors.
  override async catch(error: unknown): Promise<never> {
    throw error;
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${plainJson(json)}\n`);
  }
}

const givenIn = (raw: readonly ParsingToken[]): Given[] =>
  raw.map((token) => ({ flag: token.type === 'flag' ? token.flag : undefined, input: token.input }));

const statics = <A extends ArgInput, F extends FlagInput>(of: Description<A, F>) => ({
  summary: of.summary,
  description: of.description,
  examples: [...(of.examples ?? [])],
  aliases: [...(of.aliases ?? [])],
  args: of.args ?? {},
});

/** Defines a command that works on this machine. */
export function defineLocalCommand<A extends ArgInput, F extends FlagInput>(
  definition: LocalCommand<A, F>,
): CommandClass {
  class LocalCommandClass extends TwiteCommand {
    static readonly operations: readonly OperationId[] = [];
    static override flags = definition.flags ?? {};

    async run(): Promise<unknown> {
      const { args, flags, raw } = await this.parse(LocalCommandClass);
      return definition.run({
        ...this.base(),
        given: givenIn(raw),
        args: args as unknown as ParsedArgs<A>,
        flags: flags as unknown as Parsed<F>,
      });
    }
  }
  return Object.assign(LocalCommandClass, statics(definition));
}

/** Defines a command that calls a server. */
export function defineCommand<A extends ArgInput, F extends FlagInput>(
  definition: ServerCommand<A, F>,
): CommandClass {
  class ServerCommandClass extends TwiteCommand {
    static readonly operations = definition.operations;
    static override baseFlags = serverFlags;
    static override flags = definition.flags ?? {};

    async run(): Promise<unknown> {
      const { args, flags, raw } = await this.parse(ServerCommandClass);
      // Imported on demand: help and usage errors do not need the SDK.
      const { connect } = await import('./connect.ts');
      const { url, token, profile } = flags as unknown as ServerFlags;
      const configFolder = this.config.configDir;
      const connection = await connect({
        url: serverUrl({ url, profile, configFolder }),
        token,
        configFolder: profileFolder(configFolder, profile),
        userAgent: `twite/${this.config.version}`,
      });
      return definition.run({
        ...this.base(profile),
        ...connection,
        keepServer: () => keepServer({ url: connection.url, profile, configFolder }),
        given: givenIn(raw),
        args: args as unknown as ParsedArgs<A>,
        flags: flags as unknown as Parsed<F> & ServerFlags,
      });
    }
  }
  return Object.assign(ServerCommandClass, statics(definition));
}
