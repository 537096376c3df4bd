import { join } from 'node:path';
import type { OperationId } from '@twite/sdk';
import { prepareRoot } from './prepare-root.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { type Outcome, spawnTwite } from './spawn-twite.ts';
import { startServer } from './start-server.ts';

/** A user with a shell and a settings folder of their own. */
export interface Shell {
  /** Runs a command line, with arguments passed unchanged. */
  run(args: readonly string[], options?: { input?: string; env?: Record<string, string> }): Promise<Outcome>;
  /** Runs it with --json. Throws the output if the command fails. */
  // biome-ignore lint/suspicious/noExplicitAny: the same type as JSON.parse returns
  json(...args: readonly string[]): Promise<any>;
}

export interface World extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  readonly dataDir: string;
  shell(name: string): Shell;
  settled(): Promise<void>;
  /** Enqueues a job without a handler. It is parked once the server has settled. */
  enqueueNonsense(): Promise<void>;
  /** The number of an account's uploads on the server. */
  countMedia(accountId: string): Promise<number>;
  /** The operations that each command called, by the first words of its command line. */
  readonly called: ReadonlyMap<string, ReadonlySet<OperationId>>;
}

export const password = 'la barricade, rue de la Chanvrerie';

/** A server on a random port with its own folder, and people who use it by command line, one command at a time. */
export async function startWorld(commandNames: readonly string[]): Promise<World> {
  const stack = new AsyncDisposableStack();
  const { folder, dataDir, server } = stack.use(await startServer());
  const root = await prepareRoot(join(folder, 'cli'));
  const proxy = stack.use(await startRecordingProxy(server.url));
  const called = new Map<string, Set<OperationId>>();

  const commandOf = (args: readonly string[]): string => {
    const names = [3, 2, 1].map((words) => args.slice(0, words).join(' '));
    return names.find((name) => commandNames.includes(name)) ?? args[0] ?? '';
  };

  return {
    url: proxy.url,
    folder,
    dataDir,
    called,
    settled: () => server.settled(),
    // No handler has this name, which the types would not allow.
    enqueueNonsense: () => server.deps.jobs.enqueue([{ name: 'turnLeadIntoGold' }] as never),
    countMedia: async (accountId) => (await server.deps.media.listByOwner(accountId, { limit: 100 })).length,
    shell(name) {
      const env = { TWITE_CONFIG_DIR: join(folder, name), TWITE_URL: proxy.url, TWITE_PASSWORD: password };
      const run: Shell['run'] = async (args, options = {}) => {
        proxy.take();
        const outcome = await spawnTwite(args, {
          root,
          env: { ...env, ...options.env },
          ...(options.input === undefined ? {} : { input: options.input }),
        });
        const command = commandOf(args);
        called.set(command, new Set([...(called.get(command) ?? []), ...proxy.take()]));
        return outcome;
      };
      return {
        run,
        async json(...args) {
          const outcome = await run([...args, '--json']);
          if (outcome.exitCode !== 0)
            throw new Error(`${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`);
          return outcome.stdout === '' ? undefined : outcome.json();
        },
      };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
